// Small state in templates with Alpine's CSP build: <div x-data="disclosure"> … <button @click="toggle"> … <div x-show="open">.

document.addEventListener("alpine:init", () => {
  window.Alpine.data("disclosure", () => ({
    open: false,
    toggle() { this.open = !this.open; },
    close() { this.open = false; },
  }));
});

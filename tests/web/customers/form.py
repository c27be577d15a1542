"""What a browser does with the form of a customer, and reads in it."""

import html
import re

from regulars.kit.text import clean
from tests.web.customers.desk import text


def inputs(response):
    """Name → values of all inputs, selects and text areas, as a browser would send them back."""
    page = text(response).split('class="profile-form"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, body in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        found.setdefault(name, []).extend(map(html.unescape, chosen))
    for name, body in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found.setdefault(name, []).append(html.unescape(body))
    return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def add(desk, **given):
    return desk.post("/s/hoa-sen/customers/new/", given)


def edit(desk, customer, response=None, **changes):
    """Send the edit form as it opened, with changes."""
    address = f"/s/hoa-sen/customers/{customer.pk}/edit/"
    return desk.post(address, {**inputs(response or desk.get(address)), **changes})


def one_line(typed):
    return clean(typed).replace("\n", " ")

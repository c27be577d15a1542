"""What all lists share: state in the address, columns, cells, the filter panel, pages and counts."""

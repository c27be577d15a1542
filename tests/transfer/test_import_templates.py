"""Saved mappings: a file with the same column names is taken as somebody said once."""

import pytest

from regulars.customers.models import Customer
from regulars.transfer.commands import import_file
from regulars.transfer.errors import BadMapping, NoSuchTemplate, TemplateExists
from regulars.transfer.imports import configure, follow, stage
from regulars.transfer.mappings import rename_template, save_template, template_for
from regulars.transfer.models import ImportRun, ImportTemplate
from regulars.transfer.options import Options
from tests.transfer.conftest import make_shop

ODD = b"Who,Reach,Reach,Size\nAnn,ann@example.com,0917 123 4567,L\n"
ODD_MAPPING = ("name", "email", "phone", "")


def staged(shop, data=ODD, **more):
    return stage(shop, "customers", [data], "odd.csv", **more)


def saved(shop, name="Odd ones", **told):
    return save_template(configure(staged(shop), mapping=ODD_MAPPING, **told), name)


def options_of(run):
    return Options.of(run.options)


@pytest.mark.django_db
class TestASavedMapping:
    def test_is_followed_by_the_next_file_with_these_names(self, shop):
        saved(shop, policy="fill_empty", match=["email"], defaults={"tags": "fair", "country": "VN"}, quiet=True)

        options = options_of(staged(shop, ODD.replace(b"Who,Reach", b"WHO , reach")))

        assert options.mapping == ODD_MAPPING
        assert (options.policy, options.match, options.quiet) == ("fill_empty", ("email",), True)
        assert options.defaults == {"tags": "fair", "country": "VN"}
        assert options.template == "Odd ones"

    def test_is_not_followed_by_other_names_nor_in_another_shop_nor_for_another_kind(self, shop):
        saved(shop)

        assert options_of(staged(shop, b"Who,Reach\nAnn,ann@example.com\n")).template == ""
        assert options_of(staged(make_shop("other"))).template == ""
        assert template_for(shop, "orders", ["Who", "Reach", "Reach", "Size"]) is None

    def test_can_be_put_aside(self, shop):
        saved(shop, defaults={"tags": "fair"})
        run = staged(shop)

        options = options_of(follow(run, ""))

        assert (options.template, options.defaults) == ("", {})
        assert options.mapping != ODD_MAPPING

    def test_of_another_file_gives_what_columns_have_the_same_names(self, shop):
        saved(shop)
        run = staged(shop, b"Size,Reach,Who\nL,ann@example.com,Ann\n")

        assert options_of(follow(run, "odd ones")).mapping == ("", "email", "name")

    def test_forgets_a_field_that_there_is_no_more(self, shop):
        template = saved(shop)
        template.mapping = [["Who", "name"], ["Reach", "telex"]]
        template.format = "gone"
        template.save()

        options = options_of(staged(shop))

        assert options.mapping == ("name", "", "", "")
        assert options.format == "generic_customers"

    def test_is_replaced_by_one_of_the_same_name(self, shop):
        saved(shop)
        saved(shop, policy="leave")

        assert ImportTemplate.objects.of(shop).get().choices["policy"] == "leave"

    def test_cannot_be_called_as_another_one(self, shop):
        first, second = saved(shop), saved(shop, "Others")

        with pytest.raises(TemplateExists):
            rename_template(second, "Odd ones")

        assert set(ImportTemplate.objects.of(shop).values_list("pk", "name")) == {
            (first.pk, "Odd ones"), (second.pk, "Others"),
        }  # fmt: skip


@pytest.mark.django_db
class TestTheCommand:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "odd.csv"
        path.write_bytes(ODD)
        return path

    def test_follows_a_mapping_by_its_name_and_gives_all_rows_what_is_said(self, shop, path):
        template = saved(shop, defaults={"tags": "fair"})
        template.header = "another"
        template.save()

        import_file("customers", path, shop, template="Odd ones", defaults={"group": "VIP", "country": "PH"})

        ann = Customer.objects.of(shop).get()
        assert (ann.name, ann.phone, ann.group.name, len(ann.tag_ids)) == ("Ann", "+639171234567", "VIP", 1)

    def test_names_those_that_there_are(self, shop, path):
        saved(shop)

        with pytest.raises(NoSuchTemplate) as refusal:
            import_file("customers", path, shop, template="Weekly")

        assert "Odd ones" in str(refusal.value)
        assert not Customer.objects.of(shop).exists()
        assert ImportRun.objects.of(shop).count() == 1

    def test_says_what_rows_can_be_given(self, shop, path):
        with pytest.raises(BadMapping, match="colour"):
            import_file("customers", path, shop, defaults={"colour": "red"})

    def test_cuts_the_file_as_it_is_told(self, shop, tmp_path):
        path = tmp_path / "people.csv"
        path.write_bytes("title|x\nName|Email\nȘtefan|stefan@example.com\n".replace("Ș", "Ş").encode("cp1250"))

        import_file("customers", path, shop, encoding="cp1250", delimiter="|", header_row=2)

        assert Customer.objects.of(shop).get().email == "stefan@example.com"

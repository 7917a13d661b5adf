"""A mail is built of blocks, in two languages, by mouse and by keyboard alone, and read as its guest gets it."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from services.messaging.wording.rich import read_rich
from tests.browser.conftest import Visitor

SEEN_AND_READ = [
    ("<p>Your <b>room</b> is <i>ready</i>.</p>", "<p>Your <strong>room</strong> is <em>ready</em>.</p>"),
    ("<p>他说<b>“你好！”</b>再见</p>", "<p>他说“<strong>你好！</strong>”再见</p>"),
    ("<p><b>a<i>b</i></b><i>c</i></p>", "<p><strong>a<em>b</em></strong>\u2060<em>c</em></p>"),
    ("<p><b>bold </b>and <i> thin</i></p>", "<p><strong>bold</strong> and  <em>thin</em></p>"),
    ("<p>5 * 3_4_ [x](y) \\ `c`</p>", "<p>5 * 3_4_ [x](y) \\ `c`</p>"),
    ("<p>1. no list</p><p>- nor this</p>", "<p>1. no list</p><p>- nor this</p>"),
    ("<ul><li><p>one</p></li><li><b>two</b></li></ul>", "<ul><li>one</li><li><strong>two</strong></li></ul>"),
    ("<ol><li>one<ul><li>in it</li></ul></li></ol>", "<ol><li>one<ul><li>in it</li></ul></li></ol>"),
    ("<p>first<br>second</p>", "<p>first<br>second</p>"),
    ('<p><a href="https://x.example/a_b"><b>Go</b></a></p>', '<p><a href="https://x.example/a_b"><strong>Go</strong></a></p>'),
    ('<p><a href="javascript:alert(1)">Go</a><script>alert(1)</script></p>', "<p>Go</p>"),
    ("<p>Dear <b>{{ guest.name }}</b></p>", "<p>Dear <strong>{{ guest.name }}</strong></p>"),
    ("<div><h1>Pasted</h1><style>p {}</style><span style='font-weight:700'>x</span></div>",
     "<p>Pasted</p><p><strong>x</strong></p>"),
]  # fmt: skip
MARKS = """async (html) => {
  const {cleaned, marksOf} = await import('/static/js/mail/rich.js');
  const told = {values: {}, links: {}};
  const box = document.createElement('div');
  box.append(cleaned(html, told));
  return marksOf(box);
}"""


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = io.BytesIO()
    Image.new("RGB", (640, 360), (20, 120, 160)).save(made, "JPEG")
    path = tmp_path_factory.mktemp("pictures") / "pool at dusk.jpg"
    path.write_bytes(made.getvalue())
    return path


def begun(page: Page, name: str, purpose: str = "stay_service") -> str:
    """A new template in English; where it is edited."""
    page.goto("/messaging/templates/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("What is it for?").select_option(purpose)
    page.get_by_label("First language").select_option("en")
    page.get_by_role("button", name="Start writing").click()
    page.locator("#mail-editor .blocks, #mail-editor summary").first.wait_for()
    return page.url.partition("?")[0]


def block(page: Page, number: int) -> Locator:
    return page.locator(f'.block[data-at="{number}"]')


def another_language(page: Page, tag: str) -> None:
    """A further language of the draft, once the script has taken the place of the page's fields."""
    page.get_by_label("Another language").select_option(tag)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(f"**language={tag}*")
    page.locator("#f-subject-line").wait_for()


def settled(page: Page) -> None:
    """What was written is saved, and the preview is that of the saved draft."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/edit" in answer.url):
        page.evaluate("document.querySelector('[name=blocks]').dispatchEvent(new Event('input', {bubbles: true}))")
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def test_what_one_sees_is_what_a_guest_reads(visitor: Visitor) -> None:
    """The marks that the editor stores are read by the mail as what stood in the editor; what is pasted is cleaned."""
    page = visitor.signed_in("ada")
    found = [read_rich(page.evaluate(MARKS, seen), str).page for seen, _ in SEEN_AND_READ]
    plain = [re.sub(r' (?:style|class)="[^"]*"', "", one) for one in found]
    assert plain == [read for _, read in SEEN_AND_READ]


def test_who_writes_before_the_editor_is_there_goes_on_writing(visitor: Visitor) -> None:
    page = visitor.signed_in("ada")
    edit = begun(page, "On a slow line")
    held: list[Route] = []
    page.route("**/js/mail/editor.js", lambda route: held.append(route))
    with page.expect_request("**/js/mail/editor.js"):
        page.goto(edit, wait_until="commit")
    page.locator("#f-subject").focus()
    page.keyboard.type("We look ")
    held[0].continue_()
    page.locator("#f-subject-line").wait_for()
    page.keyboard.type("forward to you")
    expect(page.get_by_role("textbox", name="Subject line")).to_have_text("We look forward to you")
    expect(page.locator("#f-subject")).to_have_value("We look forward to you")


def test_what_is_published_while_it_saves_itself_is_not_overtaken_by_itself(visitor: Visitor) -> None:
    page = visitor.signed_in("ada")
    edit = begun(page, "In a hurry")
    page.get_by_role("textbox", name="Subject line").fill("We look forward to you")
    page.get_by_text("+ Add a block").click()
    page.get_by_role("button", name="Text", exact=True).click()
    page.keyboard.type("Nearly there")
    settled(page)
    held: list[Route] = []
    page.route(edit, lambda route: held.append(route) if route.request.headers.get("hx-request") else route.continue_())
    with page.expect_request(lambda one: one.method == "POST" and "hx-request" in one.headers):
        page.keyboard.type(", and glad of it")
    page.get_by_role("button", name="Publish").click()
    held[0].continue_()
    expect(page.get_by_text("Published as version 1")).to_be_visible()


@pytest.mark.proof
def test_a_mail_of_blocks_is_built_published_and_read(visitor: Visitor, pool: Path) -> None:
    page = visitor.signed_in("ada")
    edit = begun(page, "Before you come")
    page.get_by_role("textbox", name="Subject line").fill("We look forward to you")
    page.get_by_text("+ Add a block").click()
    page.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.type("Nearly there")
    block(page, 0).get_by_text("+ Add a block below").click()
    block(page, 0).locator("> .block-add").get_by_role("button", name="Text", exact=True).click()
    page.keyboard.type("Dear ")
    block(page, 1).get_by_role("button", name="Insert a value").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Insert a value").select_option("guest.first_name")
    dialog.get_by_label("Where it is missing").fill("guest")
    dialog.get_by_role("button", name="Done").click()
    expect(block(page, 1).locator(".chip")).to_have_text("the guest's given name (guest)")
    page.keyboard.type(", your room is ")
    page.keyboard.press("Control+b")
    page.keyboard.type("ready")
    page.keyboard.press("Control+b")
    page.keyboard.type(".")
    block(page, 1).get_by_text("+ Add a block below").click()
    block(page, 1).locator("> .block-add").get_by_role("button", name="Picture", exact=True).click()
    block(page, 2).get_by_role("button", name="Choose a picture").click()
    dialog.get_by_label("Hand in a new one").set_input_files(pool)
    expect(block(page, 2).locator(".picture-shown img")).to_be_visible()
    block(page, 2).get_by_label("What it shows, for who does not see it").fill("The pool at dusk")
    block(page, 2).locator("> .block-add > summary").click()
    block(page, 2).locator("> .block-add").get_by_role("button", name="Button", exact=True).click()
    page.keyboard.type("See the way")
    block(page, 3).get_by_label("an address, phone or mailbox").fill("https://hotel.example/way")
    settled(page)
    expect(page.get_by_text("Ready to be published")).to_be_visible()
    another_language(page, "zh-Hans")
    page.get_by_role("textbox", name="Subject line").fill("期待您的光临")
    page.get_by_text("+ Add a block").click()
    page.get_by_role("button", name="Text", exact=True).click()
    page.keyboard.type("客房已准备好。")
    settled(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as version 1")).to_be_visible()
    page.goto(f"{edit}?language=en")
    page.get_by_role("button", name="Send a test to the sandbox: E-mail").click()
    mail = page.frame_locator("iframe").first
    expect(mail.get_by_text("Nearly there")).to_be_visible()
    expect(mail.locator("strong", has_text="ready")).to_be_visible()
    expect(mail.get_by_text("Dear Anna, your room is")).to_be_visible()
    expect(mail.get_by_role("link", name="See the way")).to_have_attribute("href", re.compile("/l/"))
    shown = mail.get_by_role("img", name="The pool at dusk")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 640


def test_blocks_are_moved_and_brought_back_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.signed_in("ada")
    begun(page, "By keyboard")
    page.locator("#mail-editor .block-add > summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(block(page, 0).get_by_role("textbox", name="Words")).to_be_focused()
    page.keyboard.type("First")
    block(page, 0).locator("> .block-add > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#mail-editor [role=status]")).to_have_text("Text, now 1 of 2")
    expect(block(page, 0)).to_contain_text("Second")
    page.keyboard.press("Control+z")
    expect(block(page, 0)).to_contain_text("First")
    page.locator("#mail-editor").get_by_role("button", name="Undo").focus()
    page.keyboard.press("Control+Shift+Z")
    expect(block(page, 0)).to_contain_text("Second")
    block(page, 0).get_by_role("button", name="Remove: Text 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".block")).to_have_count(1)
    settled(page)
    held = json.loads(page.locator("[name=blocks]").input_value())
    assert held == [{"heading": {"text": "First", "level": 2, "align": "left"}}]


def test_a_condition_is_chosen_in_words(visitor: Visitor) -> None:
    page = visitor.signed_in("ada")
    begun(page, "Only for some")
    page.get_by_text("+ Add a block").click()
    page.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.type("Families")
    block(page, 0).get_by_text("Always shown").click()
    block(page, 0).get_by_role("button", name="Add a condition").click()
    row = block(page, 0).get_by_role("group", name="Only shown when")
    row.locator("select").first.select_option("stay.nights")
    row.get_by_role("spinbutton").fill("3")
    settled(page)
    held = json.loads(page.locator("[name=blocks]").input_value())
    assert held[0]["when"] == [{"of": "stay.nights", "is": "at_least", "to": 3}]


@pytest.mark.proof
def test_source_and_back_a_block_kept_and_the_preview_in_sight_on_a_phone(visitor: Visitor) -> None:
    """A whole mail becomes source and undo brings its blocks back, over a reload; a block is kept and put in again."""
    page = visitor.signed_in("ada")
    begun(page, "By source and back")
    page.get_by_role("textbox", name="Subject line").fill("A word")
    page.get_by_text("+ Add a block").click()
    page.get_by_role("button", name="Text", exact=True).click()
    page.keyboard.press("Control+b")
    page.keyboard.type("Kept")
    settled(page)
    page.get_by_role("button", name="Edit the whole mail as source").click()
    area = page.locator("#mail-editor textarea.source")
    expect(area).to_have_value(re.compile(r"<mj-text align=\"left\"><p.*><strong>Kept</strong>"))
    area.fill("<mj-section>\n<mj-foo/></mj-section>")
    settled(page)
    expect(block(page, 0).get_by_text("Line 2: <mj-foo> is no part of a mail.")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    expect(block(page, 0).locator("strong, b")).to_have_text("Kept")
    block(page, 0).get_by_role("button", name="Keep for other mails").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("The bold one")
    dialog.get_by_role("button", name="Keep for other mails").click()
    expect(page.locator("#mail-editor [role=status]")).to_have_text("Kept as «The bold one».")
    block(page, 0).get_by_text("+ Add a block below").click()
    block(page, 0).get_by_role("button", name="☆ The bold one").click()
    expect(block(page, 1).locator("strong, b")).to_have_text("Kept")
    settled(page)
    page.set_viewport_size({"width": 390, "height": 700})
    page.get_by_text("Preview", exact=True).click()
    expect(page.locator(".in-sight .view-desk iframe")).to_be_in_viewport()
    expect(page.locator("#mail-editor")).to_be_hidden()
    held = page.locator("#beside .view-desk iframe").content_frame
    expect(held.locator("strong").first).to_have_text("Kept")


def test_a_text_message_is_written_in_words_and_not_in_braces(visitor: Visitor) -> None:
    page = visitor.signed_in("ada")
    edit = begun(page, "By text message")
    field = page.get_by_role("textbox", name="Text message")
    field.click()
    page.keyboard.type("Your room at ")
    row = field.locator("xpath=..")
    row.get_by_role("button", name="Insert a value").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Insert a value").select_option("property.name")
    dialog.get_by_role("button", name="Done").click()
    page.keyboard.type(" is ready. Call us: ")
    row.get_by_role("button", name="Insert a value").click()
    dialog.get_by_label("Insert a value").select_option("links.phone")
    dialog.get_by_role("button", name="Done").click()
    expect(field.locator(".chip")).to_have_text(["the hotel's name (our hotel)", "a call to the hotel"])
    written = 'Your room at {{ property.name | default("our hotel") }} is ready. Call us: {{ links.phone }}'
    expect(page.locator("#writing [name=text]")).to_have_value(written)
    settled(page)
    settled(page)
    page.goto(edit)
    expect(page.locator("#writing [name=text]")).to_have_value(written)
    expect(page.get_by_role("textbox", name="Text message")).to_have_text(
        "Your room at the hotel's name (our hotel) is ready. Call us: a call to the hotel", use_inner_text=True
    )

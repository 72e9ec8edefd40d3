"""What the fields of a drawn form are called, in the order of the page."""

from portfolio.web.labels import labels_of


def test_every_kind_of_field_has_its_label() -> None:
    form = """
    <div class="field"><label for="f-reason">Varför? <small>(frivilligt)</small></label><input id="f-reason"></div>
    <div class="check"><input id="f-yearly" type="checkbox"><label for="f-yearly">Varje år &amp; alltid</label></div>
    <fieldset><legend>Har det gjorts?</legend><label><input type="radio" id="f-done"> Ja</label></fieldset>
    <fieldset id="f-phases"><legend>Vilka berörs?</legend>
    <input id="f-phases.0.weeks" aria-label="Veckor, &lt;b&gt;"></fieldset>
    <input id="other" aria-label="Inget fält"><input id="f-nameless">
    """
    assert labels_of(form) == {
        "reason": "Varför?",
        "yearly": "Varje år & alltid",
        "done": "Har det gjorts?",
        "phases": "Vilka berörs?",
        "phases.0.weeks": "Veckor, <b>",
    }
    assert list(labels_of(form)) == ["reason", "yearly", "done", "phases", "phases.0.weeks"]

"""The second factor of the team: whether administrators need one, and taking it off somebody who lost theirs."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, request
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.second_factor.demands import demand_of_administrators, reset_second_factor
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

TEAM_SECOND_FACTOR = Blueprint("console_team_second_factor", __name__, url_prefix="/people")


@TEAM_SECOND_FACTOR.post("/rules")
@needs(May.ADMINISTER)
def change_rules() -> Response:
    demanded = request.form.get("second_factor") == "1"
    try:
        with here().transaction() as tx:
            demand_of_administrators(tx, demanded, me().person_id, me().name, here().now())
    except InputError as error:
        flash(gettext(str(error)), "problem")
    return to("/people#rules", 303)


@TEAM_SECOND_FACTOR.post("/<uuid:person_id>/second-factor/removal")
@needs(May.ADMINISTER)
def take_off(person_id: UUID) -> Response:
    with here().transaction() as tx:
        reset_second_factor(tx, person_id, me().name, here().now())
    flash(gettext("The second factor is taken off."))
    return to(f"/people/{person_id}", 303)

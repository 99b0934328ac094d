"""The registry of code checks: what a rubric's `check` steps may name; each is `(sample, with) -> Hit | None`.

They run before every judge, cost no call and cite what they saw. A check that finds nothing says nothing: it never
passes a sample.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..findings import Check
from . import altered, audience, claims, evidence, form, privacy, scripts, seasons, tags, topicality, wording

CHECKS: Mapping[str, Check] = {
    "absolute": wording.absolute,
    "audience": audience.audience,
    "banned": wording.banned,
    "blank": form.blank,
    "brand_or_model": tags.brand_or_model,
    "broad": tags.broad,
    "contradicts": claims.contradicts,
    "cut_off": form.cut_off,
    "echo": form.echo,
    "evidence_exists": evidence.evidence_exists,
    "exaggeration": wording.exaggeration,
    "generic": wording.generic,
    "gibberish": scripts.gibberish,
    "grammar": form.grammar,
    "hard_sell": wording.hard_sell,
    "hidden": scripts.hidden,
    "instructs_judge": wording.instructs_judge,
    "language": scripts.language,
    "length": form.length,
    "mixed_scripts": scripts.mixed_scripts,
    "named_behaviour": evidence.named_behaviour,
    "necessity": evidence.necessity,
    "no_such_product": tags.no_such_product,
    "off_interest": tags.off_interest,
    "off_item": topicality.off_item,
    "off_source": topicality.off_source,
    "personal_data": privacy.personal_data,
    "placeholder": form.placeholder,
    "recently_seen": tags.recently_seen,
    "repellent": wording.repellent,
    "repetition": form.repetition,
    "says_otherwise": altered.says_otherwise,
    "schema": form.schema,
    "season": seasons.season,
    "sensitive": privacy.sensitive,
    "slogan": wording.slogan,
    "tag_form": tags.tag_form,
    "title_again": wording.title_again,
    "too_little": evidence.too_little,
    "unfounded": claims.unfounded,
    "unrelated": evidence.unrelated,
    "vague": tags.vague,
}

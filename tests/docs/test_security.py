"""SECURITY.md: each promise is held by tests, which are named here."""

import re

import pytest

from tests.docs.pages import read
from tests.site.builds import REPOSITORY

HELD_BY = {
    "Texts are data, never templates": [
        "render/test_environment.py::test_news_are_no_templates",
        "delivery/test_preview.py::test_no_text_of_a_site_reaches_the_headers_as_a_header",
    ],
    "Front matter": ["test_broken_site.py::test_a_fault_is_told_at_its_place"],
    "HTML": [
        "render/test_raw_html.py::test_whatever_is_written_comes_out_closed_and_allowed",
        "render/test_markdown.py::test_a_forbidden_scheme_leaves_no_address",
    ],
    "Paths": [
        "sources/test_folder.py::test_pipes_are_neither_texts_nor_assets",
        "test_broken_site.py::test_a_file_that_is_none_is_told",
        "build/test_hostile_output.py::test_a_manifest_does_not_make_a_folder_ours",
        "build/test_hostile_output.py::test_a_link_in_a_folder_of_ours_is_not_written_through",
        "cli/test_static_server.py::test_nothing_else_is_served",
    ],
    "Pipes, sockets and devices": [
        "test_files.py::test_pipes_sockets_and_devices_are_refused_at_once",
        "cli/test_hostile_files.py::test_a_pipe_in_a_site_is_a_problem_at_its_place",
        "cli/test_hostile_files.py::test_a_pipe_is_no_secret_and_no_list_of_people",
    ],
    "Size": [
        "test_broken_site.py::test_a_fault_is_told_at_its_place",
        "problems/test_long_reports.py::test_thousands_of_broken_pictures_are_told_quickly",
        "cli/test_hostile_files.py::test_an_attachment_of_any_size_is_never_whole_in_memory",
    ],
    "Characters": [
        "test_broken_site.py::test_the_command_tells_the_same_and_exits_with_one",
        "cli/commands/test_subscribers.py::test_nul_bytes_and_other_controls_do_no_harm",
    ],
    "Mail headers": [
        "cli/commands/test_subscribers.py::test_no_name_or_address_starts_a_header",
        "mail/test_digest.py::test_a_header_that_is_not_safe_is_refused",
        "channels/smtp/test_session.py::test_no_address_can_add_a_command",
    ],
    "Network": [
        "channels/smtp/test_access.py::test_starttls_is_demanded_not_tried",
        "mailboxes/test_imap.py::test_tls_is_verified",
        "mailboxes/test_imap.py::test_a_mailbox_without_tls_is_on_this_machine",
    ],
    "Pushed commits": [
        "publishing/test_publishing.py::test_filters_hooks_and_attributes_of_a_commit_run_nothing",
        "publishing/test_publishing.py::test_links_that_leave_the_commit_are_refused",
        "publishing/test_publishing.py::test_a_submodule_is_refused",
        "core/publishing/test_commit_files.py::test_paths_that_lead_elsewhere_do_not",
        "sources/test_git_mirror.py::test_a_token_is_in_the_environment_of_git_only_and_for_its_host_only",
        "sources/test_git_mirror.py::test_a_pack_without_end_is_not_written",
    ],
    "Webhooks": [
        "core/publishing/test_webhooks.py::test_one_that_nobody_signed_is_forged",
        "web/test_hooks.py::test_forged_calls_do_nothing_and_many_are_refused",
    ],
    "WebSub": [
        "http_client/test_client.py::test_private_addresses_are_reached_only_where_that_is_allowed",
        "http_client/test_client.py::test_one_that_drips_is_left",
        "websub/test_requests.py::test_who_does_not_agree_is_not_subscribed",
        "websub/test_requests.py::test_one_host_cannot_fill_the_hub",
    ],
    "Tokens": [
        "bounces/test_process.py::test_no_token_can_be_made_up",
        "bounces/test_process.py::test_a_link_for_another_purpose_is_no_complaint",
    ],
    "Bounces": [
        "bounces/test_process.py::test_a_forged_token_touches_nobody",
        "bounces/test_process.py::test_the_addresses_in_a_report_touch_nobody",
        "bounces/test_recognition.py::test_a_day_on_a_block_list_costs_no_reader",
    ],
    "Complaints": [
        "bounces/test_process.py::test_a_complaint_ends_the_digest_it_is_about",
        "bounces/test_process.py::test_a_token_for_another_purpose_proves_no_complaint",
    ],
    "Served files": [
        "cli/test_static_server.py::test_nothing_else_is_served",
        "web/test_site_files.py::test_nothing_but_the_sites_own_files_is_served",
        "web/test_site_files.py::test_what_a_browser_may_run_has_a_policy",
    ],
    "Connections": [
        "web/test_abuse.py::test_what_two_servers_could_read_differently_is_refused",
        "web/test_abuse.py::test_clients_that_do_not_get_on_are_shown_the_door",
        "web/test_abuse.py::test_readers_are_served_beside_two_thousand_slow_connections",
    ],
    "Pages for readers": [
        "web/test_safe_methods.py::test_no_safe_method_changes_anything",
        "web/test_answers.py::test_every_answer_forbids_scripts_frames_and_caches",
        "web/test_limits.py::test_one_network_cannot_ask_for_ever",
    ],
    "Own data": [
        "web/test_accounts.py::test_everything_that_is_kept_is_shown",
        "web/test_accounts.py::test_the_old_address_can_stop_it",
        "web/test_accounts.py::test_an_address_of_somebody_else_is_not_taken",
    ],
    "Asking": [
        "subscribers/test_signup.py::test_whoever_is_asked_for_the_answer_is_the_same",
        "subscribers/test_signup.py::test_nobody_is_bombed_with_confirmations",
    ],
    "Archives": [
        "sources/archives/test_feed.py::test_what_is_no_feed_or_a_trap_is_refused_in_words",
        "sources/archives/test_folders.py::test_hugo",
        "sources/archives/test_folders.py::test_links_out_of_the_folder_are_not_followed_and_a_file_is_no_folder",
        "sources/archives/test_folders.py::test_pelican",
        "sources/archives/test_restructured.py::test_no_file_and_no_address_that_it_names_is_looked_at",
        "sources/archives/test_restructured.py::test_what_would_never_end_stays_as_it_is_written",
        "sources/archives/test_web.py::test_addresses_of_this_network_are_never_asked",
        "sources/archives/test_web.py::test_traps_are_refused",
    ],
    "The form for editors": [
        "cli/commands/test_editor.py::test_another_archive_is_refused",
        "cli/commands/test_editor.py::test_what_npm_brings_is_looked_at",
        "cli/commands/test_editor.py::test_nothing_secret_is_in_what_everybody_can_read",
        "cli/commands/test_editor.py::test_drafts_and_what_is_to_come_are_not_shown",
        "cli/commands/test_editor.py::test_the_site_is_served_with_the_policy_of_its_form",
        "editorial/test_form_in_browser.py::test_who_signs_in_talks_with_the_forge_and_nobody_else",
    ],
    "Secrets": [
        "cli/test_private_files.py::test_what_lies_in_var_is_its_owners",
        "cli/test_private_files.py::test_a_looser_mode_is_told",
        "stores/test_secret.py::test_a_short_secret_is_refused_without_showing_it",
    ],
    "Addresses": [
        "subscribers/test_roster.py::test_erasing_leaves_only_the_hash",
        "channels/smtp/test_session.py::test_replies_keep_no_addresses",
    ],
    "Dependencies": [
        "test_repository.py::test_the_lock_files_pin_what_the_project_asks_for",
        "test_repository.py::test_make_installs_nothing_that_is_not_pinned",
    ],
}
"""Promise → the tests that hold it."""


def test_every_promise_is_held_by_tests() -> None:
    """A new promise needs a test, and a test of one that is gone is not named any more."""
    part = read("SECURITY.md").partition("## What it does")[2].partition("\n## ")[0]
    promises = re.findall(r"^- \*\*(.*?)\.?\*\*", part, re.MULTILINE)
    assert promises == list(HELD_BY)


@pytest.mark.parametrize("test", sorted({test for tests in HELD_BY.values() for test in tests}))
def test_a_test_that_is_named_is_there(test: str) -> None:
    """By its file and its name."""
    file, _, name = test.partition("::")
    assert f"def {name}(" in (REPOSITORY / "tests" / file).read_text("utf-8")

//! The contract of every store, a function for each promise, and the list of them from which each store makes its tests.

pub mod ballots;
pub mod meetings;
pub mod people;
pub mod release;
pub mod seats;
pub mod slips;

/// A test for each promise, in a world of its own: a function of the contract that is not listed here is not run, and the tidy
/// test misses its rule.
macro_rules! every_promise {
    ($world:expr) => {
        crate::store::contract::keeps! {
            ($world)
            mod meetings {
                async fn l1_a_meeting_is_made_once_with_all_its_seats_and_links;
                async fn l1_a_creation_that_fails_leaves_nothing;
                async fn l2_a_replacement_is_stored_over_the_version_it_has_seen;
                async fn l3_what_was_acknowledged_is_there_after_a_restart;
                async fn l18_the_first_manifest_stays_and_keys_are_replaced;
                async fn l30_the_first_keys_offered_are_everybodys;
                async fn t26_the_meetings_own_keys_are_kept_like_those_of_rounds;
                async fn l19_a_role_has_at_most_twenty_sessions;
                async fn l29_a_role_gets_more_links;
                async fn l71_a_link_that_is_taken_away_opens_no_session;
                async fn l24_changes_poke_whoever_listens;
                async fn l25_the_list_has_the_newest_meetings_first;
            }
            mod seats {
                async fn l4_a_seat_belongs_to_the_first_credential;
                async fn l5_a_leader_is_asked_which_branch;
                async fn l6_no_two_seats_lead_one_subject;
                async fn l6_the_roster_names_leaders;
                async fn l7_an_open_claim_takes_the_next_free_seat;
                async fn l8_one_credential_has_one_seat;
                async fn l9_a_seat_has_one_digest_for_ever;
                async fn l9_a_hundred_requests_at_once_sign_one_digest;
                async fn l9_papers_are_issued_only_while_armed_or_open;
                async fn l28_seats_are_taken_between_checkin_and_close;
                async fn l10_head_counts_are_by_group;
            }
            mod slips {
                async fn l62_free_seats_get_new_codes_with_the_document_or_nothing_changes;
                async fn l63_codes_that_are_not_as_many_as_free_seats_change_nothing;
                async fn l63_phones_that_sit_down_meanwhile_keep_their_seats;
                async fn l64_the_same_codes_again_change_nothing;
                async fn l64_another_series_or_a_code_that_is_there_is_refused;
                async fn l65_codes_are_replaced_from_draft_to_session_where_slips_let_in;
            }
            mod ballots {
                async fn l11_a_ballot_counts_once;
                async fn l49_an_opinion_is_in_the_box_once_and_counts_for_nothing;
                async fn l12_a_batch_with_a_conflict_takes_nothing;
                async fn l13_casts_are_taken_while_open_or_closing;
                async fn l14_the_acknowledged_ballots_are_the_frozen_ones;
                async fn l15_a_repeat_after_a_lost_answer_is_acknowledged;
            }
            mod release {
                async fn s23_all_but_k_are_released_of_each_contest;
                async fn s23_what_is_released_only_grows;
                async fn s24_a_restart_releases_nothing;
                async fn s26_a_frozen_box_counts_as_released;
            }
            mod people {
                async fn l60_people_are_destroyed_and_everything_else_stays;
                async fn s62_everything_that_is_kept_has_a_name;
            }
            mod model {
                async fn l26_store_and_model_answer_the_same;
            }
        }
    };
}

macro_rules! keeps {
    (($world:expr) $(mod $part:ident { $(async fn $promise:ident;)+ })+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                crate::store::contract::$part::$promise(&mut $world.await).await;
            }
        )+)+
    };
}

pub(super) use super::model;
pub(crate) use {every_promise, keeps};

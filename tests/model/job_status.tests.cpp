#include <catch2/catch.hpp>

#include <set>
#include <string>

#include <waybill/export_job.hpp>
#include <waybill/job_status.hpp>

using namespace waybill;

TEST_CASE("The table of moves is the diagram of a job's life") {
    // NEW ──► PROCESSING ──► SUCCEEDED
    //  │          ├────────► FAILED
    //  │          ├────────► NEW
    //  │          └────────► CANCELLING ──► CANCELLED
    //  ├────────────────────────────────► CANCELLED
    //  └──► FAILED
    const std::set<std::string> drawn{
        "NEW > PROCESSING",        "PROCESSING > SUCCEEDED", "PROCESSING > FAILED", "PROCESSING > NEW",
        "PROCESSING > CANCELLING", "CANCELLING > CANCELLED", "NEW > CANCELLED",     "NEW > FAILED",
    };
    std::set<std::string> allowed;
    for (const auto from : all_job_statuses)
        for (const auto to : all_job_statuses)
            if (may_move(from, to))
                allowed.insert(std::string(to_text(from)) + " > " + std::string(to_text(to)));
    CHECK(allowed == drawn);
    CHECK(job_status_moves.size() == drawn.size());
}

TEST_CASE("Nothing leaves a final status, and every other is left") {
    for (const auto from : all_job_statuses) {
        bool leaves = false;
        for (const auto to : all_job_statuses)
            leaves = leaves || may_move(from, to);
        INFO(to_text(from));
        CHECK(leaves != is_final(from));
    }
}

TEST_CASE("A status reads back from its text, and only from exactly that") {
    for (const auto status : all_job_statuses)
        CHECK(parse_job_status(to_text(status)) == status);
    for (const auto* text : {"", "new", "New", "NEW ", " NEW", "NEWS", "DONE", "NEW,FAILED"})
        CHECK_FALSE(parse_job_status(text));
}

TEST_CASE("A membership status reads back from its text, and only from exactly that") {
    for (const auto status :
         {membership_status::realized, membership_status::existing, membership_status::exited})
        CHECK(parse_membership_status(to_text(status)) == status);
    for (const auto* text : {"", "Realized", "realized ", "left"})
        CHECK_FALSE(parse_membership_status(text));
}

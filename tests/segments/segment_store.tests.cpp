#include <catch2/catch.hpp>

#include <atomic>
#include <regex>
#include <set>
#include <thread>
#include <vector>

#include <unistd.h>

#include "sql/connection.hpp"
#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::int64_t changes_of(const temp_segments& store) {
    return sql::connection(store.file(), sql::access::read).integer_of("select count from changes");
}

std::vector<std::string> names_of(const segment_page& page) {
    std::vector<std::string> names;
    for (const auto& each : page.definitions)
        names.push_back(each.name);
    return names;
}

} // namespace

TEST_CASE("A definition is stored as it was sent, with the defaults filled in") {
    temp_segments store;
    const auto made = store->create(acme, a_segment("adults")).value();
    const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    CHECK(std::regex_match(made.id, uuid));
    store.close();
    store.open();
    const auto kept = store->find(acme, made.id).value();
    CHECK(kept.owner == acme);
    CHECK(kept.name == "adults");
    CHECK(kept.expression == "person.age > 17");
    CHECK(kept.schema.name == "_xdm.context.profile");
    CHECK_FALSE(kept.schema.id);
    CHECK_FALSE(kept.description);
    CHECK_FALSE(kept.merge_policy_id);
    CHECK(kept.evaluation == evaluation_methods{true, false, false});
    CHECK(kept.exclude_opt_out);
    CHECK(kept.lifecycle == segment_lifecycle::published);
    CHECK(kept.profile_instance_id == "ups");
    CHECK(kept.version == 1);
    CHECK(kept.creation_time == store.now);
    CHECK(kept.update_time == store.now);
}

TEST_CASE("An id that is given is taken when it is free, and is any text of 1 to 256 characters") {
    temp_segments store;
    const std::vector<std::string> ids{"s", "a/b c?", std::string(256, 'x'), "\xC3\xA9", "\n"};
    for (const auto& id : ids) {
        CHECK(store.add(a_segment("of " + id.substr(0, 9)), id) == id);
        CHECK(store->find(acme, id).value().id == id);
    }
    for (const auto& id : {std::string(), std::string(257, 'x'), std::string("a\0b", 3)}) {
        const auto refused = store->create(acme, a_segment("other"), id);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::invalid);
        CHECK(refused.error().findings.at(0).path == "/id");
    }
    CHECK(store->create(acme, a_segment("other"), "s").error().code == errc::exists);
    CHECK(store->find(acme, "s").value().name == "of s");
}

TEST_CASE("A name is a tenant's own and there once, but for the definition that has it") {
    temp_segments store;
    const auto first = store.add(a_segment("one"));
    const auto second = store.add(a_segment("two"));
    CHECK(store->create(acme, a_segment("one")).error().code == errc::exists);
    segment_changes renamed;
    renamed.name = "one";
    CHECK(store->update(acme, second, renamed).error().code == errc::exists);
    CHECK(store->find(acme, second).value().name == "two");
    CHECK(store->update(acme, first, renamed).ok());
    CHECK(store->create(globex, a_segment("one")).ok());
    CHECK(store->create({acme.org, "dev"}, a_segment("one")).ok());
    REQUIRE(store->remove(acme, first).ok());
    CHECK(store->create(acme, a_segment("one")).ok());
}

TEST_CASE("Of many who create a definition of one name at once, one has it") {
    temp_segments store;
    std::atomic<int> made = 0, refused = 0;
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller)
        callers.emplace_back([&] {
            for (int name = 0; name < 25; ++name) {
                const auto outcome = store->create(acme, a_segment("n" + std::to_string(name)));
                if (outcome) ++made;
                if (!outcome && outcome.error().code == errc::exists) ++refused;
            }
        });
    for (auto& caller : callers)
        caller.join();
    CHECK(made == 25);
    CHECK(refused == 75);
    const auto page = store->list(acme, {.by = segment_query::order::name}).value();
    CHECK(page.total == 25);
    const auto names = names_of(page);
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == 25);
}

TEST_CASE("An update replaces what is sent and keeps the rest") {
    temp_segments store;
    auto sent = a_segment("one");
    sent.description = "about";
    sent.merge_policy_id = "p";
    sent.lifecycle = segment_lifecycle::draft;
    sent.evaluation = evaluation_methods{false, true, false};
    sent.exclude_opt_out = false;
    sent.ttl_in_days = "30";
    const auto id = store.add(sent);
    const auto created = store.now;
    store.now += std::chrono::hours(1);
    segment_changes changes;
    changes.name = "other";
    auto now = store->update(acme, id, changes).value();
    CHECK(now.name == "other");
    CHECK(now.description == "about");
    CHECK(now.merge_policy_id == "p");
    CHECK(now.lifecycle == segment_lifecycle::draft);
    CHECK(now.evaluation == evaluation_methods{false, true, false});
    CHECK_FALSE(now.exclude_opt_out);
    CHECK(now.ttl_in_days == "30");
    CHECK(now.creation_time == created);
    CHECK(now.update_time == store.now);
    changes = {};
    changes.description = std::optional<std::string>();
    changes.ttl_in_days = std::optional<std::string>();
    now = store->update(acme, id, changes).value();
    CHECK_FALSE(now.description);
    CHECK_FALSE(now.ttl_in_days);
    CHECK(now.name == "other");
    CHECK(store->update(acme, "none", changes).error().code == errc::not_found);
}

TEST_CASE("The version grows when the expression or the merge policy changes, and with nothing else") {
    temp_segments store;
    const auto id = store.add(a_segment("one", "a > 1"));
    const auto version_after = [&](const auto& change) {
        segment_changes changes;
        change(changes);
        return store->update(acme, id, changes).value().version;
    };
    CHECK(version_after([](auto& to) { to.name = "two"; }) == 1);
    CHECK(version_after([](auto& to) { to.expression = "a > 1"; }) == 1);
    CHECK(version_after([](auto& to) { to.expression = "a > 2"; }) == 2);
    CHECK(version_after([](auto& to) { to.merge_policy_id = "p"; }) == 3);
    CHECK(version_after([](auto& to) { to.merge_policy_id = "p"; }) == 3);
    CHECK(version_after([](auto& to) { to.merge_policy_id = std::optional<std::string>(); }) == 4);
    CHECK(version_after([](auto& to) { to.exclude_opt_out = false; }) == 4);
    CHECK(version_after([](auto& to) {
              to.expression = "a > 3";
              to.merge_policy_id = "q";
          }) == 5);
}

TEST_CASE("An update time never lies before the one that stood there, whatever the clock does") {
    temp_segments store;
    const auto id = store.add(a_segment("one"));
    const auto before = store.now;
    store.now -= std::chrono::hours(1);
    CHECK(store->update(acme, id, {}).value().update_time == before);
}

TEST_CASE("No tenant sees, changes or removes what another has") {
    temp_segments store;
    store.add(a_segment("theirs"), "theirs");
    for (const auto& stranger : {globex, tenant{acme.org, "dev"}, tenant{"other", "prod"}}) {
        store.add(a_segment("own"), "own", stranger); // so that it is nobody whom the store does not know
        CHECK(store->find(stranger, "theirs").error().code == errc::not_found);
        CHECK(store->update(stranger, "theirs", a_segment("mine")).error().code == errc::not_found);
        CHECK(store->remove(stranger, "theirs").error().code == errc::not_found);
        const std::vector<std::string> ids{"theirs"};
        CHECK(store->find_all(stranger, ids).value().empty());
        CHECK(store->merge_policies(stranger, ids).value().empty());
        CHECK(names_of(store->list(stranger, {}).value()) == std::vector<std::string>{"own"});
        CHECK(store.add(a_segment("theirs, too"), "theirs", stranger) == "theirs");
    }
    CHECK(store->find(acme, "theirs").value().name == "theirs");
    CHECK(store->list(acme, {}).value().total == 1);
}

TEST_CASE("The merge policies of several definitions are told once each, those that name none left out") {
    temp_segments store;
    const auto with_policy = [&](const std::string& id, const std::optional<std::string>& policy) {
        auto what = a_segment(id);
        if (policy) what.merge_policy_id = policy;
        store.add(what, id);
    };
    with_policy("a", "p");
    with_policy("b", "p");
    with_policy("c", std::nullopt);
    with_policy("d", "q");
    const auto of = [&](const std::vector<std::string>& ids) {
        return store->merge_policies(acme, ids).value();
    };
    CHECK(of({"a", "b", "c", "unknown"}) == std::vector<std::string>{"p"});
    CHECK(of({"c"}).empty());
    CHECK(of({"d", "a", "b"}) == std::vector<std::string>{"q", "p"});
}

TEST_CASE(
    "Each change of a definition is counted, for readers of several connections, and a refusal is not") {
    temp_segments store;
    const auto before = changes_of(store);
    const auto id = store.add(a_segment("a"));
    CHECK(changes_of(store) == before + 1);
    CHECK(store->update(acme, id, {}).ok());
    CHECK_FALSE(store->create(acme, a_segment("a")).ok());
    CHECK(changes_of(store) == before + 2);
    CHECK(store->remove(acme, id).ok());
    CHECK(changes_of(store) == before + 3);
}

TEST_CASE("A segment store has one owner, who is named to the second") {
    temp_segments store;
    const auto second = segment_store::open({store.file()});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::owned_elsewhere);
    CHECK(second.error().message.find("segment store") != std::string::npos);
    CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
    store.close();
    CHECK(segment_store::open({store.file()}).ok());
}

TEST_CASE("Definitions are read beside their owner, and where there is no file nothing is found") {
    temp_segments store;
    const auto id = store.add(a_segment("a"));
    CHECK(read_segment(store.file(), acme, id).value().name == "a");
    CHECK(read_segment(store.file(), globex, id).error().code == errc::not_found);
    CHECK(read_segments(store.file(), acme, {}).value().total == 1);
    CHECK(read_segments(store.file().string() + ".none", acme, {}).error().code == errc::not_found);
}

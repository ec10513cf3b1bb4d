#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "events.hpp"
#include "people.hpp"
#include "record_file.hpp"
#include "segments.hpp"

namespace {

using namespace waybill::generate;

struct request {
    std::uint64_t people = 0;
    std::uint64_t seed = 1;
    std::uint64_t events = 2;
    std::uint64_t segments = 50;
    std::string org_field = "_acme";
    std::filesystem::path out;
};

struct totals {
    std::uint64_t linked = 0;
    std::uint64_t anonymous = 0;
};

void append_member(std::string& out, std::string_view name, std::uint64_t number) {
    out += name;
    append_number(out, number);
}

void append_counts(std::string& out, const std::array<std::uint64_t, statuses.size()>& counts) {
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        out += i == 0 ? "{\"" : ",\"";
        out += statuses[i];
        append_member(out, "\":", counts[i]);
    }
    out += '}';
}

void append_segment(std::string& out, const segment& one) {
    auto all = one.members[0];
    for (std::size_t i = 0; i < statuses.size(); ++i)
        all[i] += one.members[1][i];
    out += R"({"segmentId":")" + one.id + R"(","segmentNs":")" + std::string(one.ns) + R"(","members":)";
    append_counts(out, all);
    out += ",\"byYear\":";
    for (std::size_t year = 0; year < qualification_years.size(); ++year) {
        out += year == 0 ? "{\"" : ",\"";
        out += qualification_years[year];
        out += "\":";
        append_counts(out, one.members[year]);
    }
    out += "}}";
}

// What an import of all the files must find, and an export of any segment.
void write_listing(const request& asked, const segment_list& segments, const totals& seen,
                   std::uint64_t events) {
    record_file file(asked.out / "segments.json");
    auto& out = file.text();
    append_member(out, R"({"seed":)", asked.seed);
    append_member(out, R"(,"records":{"crm":)", asked.people);
    append_member(out, R"(,"loyalty":)", asked.people);
    append_member(out, R"(,"web":)", asked.people);
    append_member(out, R"(,"events":)", events);
    append_member(out, R"(},"profiles":{"none":)", asked.people + 2 * seen.linked);
    append_member(out, R"(,"pdg":)", asked.people);
    append_member(out, R"(,"eventsOnly":)", seen.anonymous);
    out += R"(},"segments":[)";
    for (const auto& one : segments.all()) {
        out += &one == &segments.all().front() ? "\n" : ",\n";
        append_segment(out, one);
    }
    out += "\n]}";
    file.end_record();
    file.close();
}

void generate_all(const request& asked) {
    std::filesystem::create_directories(asked.out);
    segment_list segments(asked.seed, asked.segments);
    dice chance(asked.seed);
    record_file crm(asked.out / "crm.ndjson");
    record_file loyalty(asked.out / "loyalty.ndjson");
    record_file web(asked.out / "web.ndjson");
    record_file events(asked.out / "events.ndjson");
    totals seen;
    for (std::uint64_t number = 0; number < asked.people; ++number) {
        const auto who = nth_person(asked.seed, number, chance);
        seen.linked += who.linked ? 1 : 0;
        append_crm(crm.text(), asked.org_field, who, segments, chance);
        crm.end_record();
        append_loyalty(loyalty.text(), asked.org_field, who, chance);
        loyalty.end_record();
        append_web(web.text(), asked.org_field, who, chance);
        web.end_record();
        for (std::uint64_t i = 0; i < asked.events; ++i) {
            append_event(events.text(), asked.seed, asked.org_field, who, events.records(), chance);
            events.end_record();
        }
        if (asked.events > 0 && number % 20 == 0) {
            append_anonymous_event(events.text(), asked.seed, anonymous_ecid(asked.seed, number),
                                   events.records(), chance);
            events.end_record();
            ++seen.anonymous;
        }
    }
    for (auto* file : {&crm, &loyalty, &web, &events})
        file->close();
    write_listing(asked, segments, seen, events.records());
}

} // namespace

int main(int argc, char** argv) {
    request asked;
    CLI::App app{
        "Writes seeded, realistic profiles and events: crm.ndjson, loyalty.ndjson, web.ndjson, "
        "events.ndjson,\n"
        "and segments.json, which says how many people stand how to each segment. The same arguments give\n"
        "the same bytes on every machine.\n\n"
        "Example: waybill-generate --people 1000 --seed 7 --out sample",
        "waybill-generate"};
    app.add_option("--people", asked.people, "how many people, three records each")
        ->required()
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}));
    app.add_option("--seed", asked.seed, "another seed, other people")->capture_default_str();
    app.add_option("--out", asked.out, "directory for the files; created when it is not there")->required();
    app.add_option("--events-per-person", asked.events, "orders and page views of each person")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{100'000}));
    app.add_option("--segments", asked.segments, "segments in the namespace ups")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
    app.add_option("--org-field", asked.org_field, "the member that holds the organisation's own fields")
        ->capture_default_str()
        ->check([](const std::string& name) {
            const auto plain =
                !name.empty() &&
                name.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
            return plain ? std::string() : std::string("expected letters, digits and _, such as _acme");
        });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : 2;
    }
    try {
        generate_all(asked);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "waybill-generate: %s\n", problem.what());
        return 1;
    }
    return 0;
}

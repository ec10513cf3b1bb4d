// The target of a listing. What is accepted must come back from `link.next` as it was, but for the cursor.
#include <string>

#include "fuzz/invariant.hpp"
#include "list_query.hpp"
#include "message.hpp"
#include "query.hpp"

using namespace waybill;
using namespace waybill::fuzz;

namespace {

bool same(const job_query& one, const job_query& other) {
    return one.limit == other.limit && one.after == other.after && one.statuses == other.statuses &&
           one.segment_id == other.segment_id && one.dataset_id == other.dataset_id &&
           one.created_after == other.created_after && one.created_before == other.created_before;
}

void follow_link(list_request asked) {
    asked.query.after = asked.query.after.value_or(cursor{1'538'573'416'687, 722});
    http::request next;
    next.target = next_page_link(asked, to_text(*asked.query.after));
    expect(next.path() == "/export/jobs/", "a link leads to the list");
    for (const char c : next.target)
        expect(c > ' ' && c < '\x7F', "a link is visible ASCII");
    const auto again = http::parse_list_query(next.query());
    expect(again.ok(), "a link is accepted");
    expect(again->has_limit == asked.has_limit, "a link keeps the limit");
    expect(same(again->query, asked.query), "a link keeps every filter");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::request asked;
    asked.target = text_of(data, size);
    const auto list = http::parse_list_query(asked.query());
    if (list) {
        follow_link(*list);
    } else {
        expect(!list.error().findings.empty(), "a refusal says what is wrong");
        for (const auto& found : list.error().findings)
            expect(found.path.starts_with('?'), "a finding names its parameter");
    }
    if (const auto at = parse_cursor(asked.target))
        expect(parse_cursor(to_text(*at)) == at, "a cursor is written as it was read");
    if (const auto path = http::percent_decode(asked.path()))
        expect(path->size() <= asked.path().size(), "decoding makes nothing longer");
    return 0;
}

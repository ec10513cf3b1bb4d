#include <catch2/catch.hpp>

#include "dataset/csv_row.hpp"
#include "dataset/output_columns.hpp"
#include "support/a_job.hpp"
#include "support/read_csv.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string line_of(std::vector<std::string> columns, std::string_view row) {
    std::string line;
    dataset::csv_row(std::move(columns)).append(line, row);
    return line;
}

/// The one cell of the row, as a reader has it.
std::string cell_of(const std::string& column, std::string_view row) {
    const auto read = read_csv(line_of({column}, row));
    return read.size() == 1 && read[0].size() == 1 ? read[0][0] : "not one cell";
}

} // namespace

TEST_CASE("a line of CSV has a cell for each path, and ends with CRLF") {
    const std::vector<std::string> columns{"name.first", "age", "vip", "score", "gone", "name"};
    const std::string_view row =
        R"({"name":{"first":"Ann","last":"B"},"age":40,"vip":true,"score":0.10,"other":1})";
    CHECK(line_of(columns, row) ==
          "Ann,40,true,0.10,,\"{\"\"first\"\":\"\"Ann\"\",\"\"last\"\":\"\"B\"\"}\"\r\n");
    std::string header;
    dataset::csv_row(columns).append_header(header);
    CHECK(header == "name.first,age,vip,score,gone,name\r\n");
}

TEST_CASE("texts of every kind come back from CSV as they were") {
    const auto& [json, text] = GENERATE(table<std::string, std::string>({
        {R"("")", ""},
        {R"("plain")", "plain"},
        {R"(" blanks around ")", " blanks around "},
        {R"("a,b")", "a,b"},
        {R"("say \"hi\"")", "say \"hi\""},
        {R"("\"")", "\""},
        {R"("line\nfeed")", "line\nfeed"},
        {R"("carriage\rreturn")", "carriage\rreturn"},
        {R"("both\r\n")", "both\r\n"},
        {R"("tab\tand \u0001")", "tab\tand \x01"},
        {R"("\u00e4 \ud83d\ude00 ö")", "ä 😀 ö"},
        {R"("=1+1")", "=1+1"},
        {R"("null")", "null"},
    }));
    CAPTURE(json);
    CHECK(cell_of("t", "{\"t\":" + json + "}") == text);
    CHECK(read_csv(line_of({"t", "t"}, "{\"t\":" + json + "}")) == csv_records{{text, text}});
}

TEST_CASE("what is no text keeps its spelling in CSV") {
    const auto* const spelled = GENERATE("0", "-1.50", "1e400", "9007199254740993", "true", "false", "[]",
                                         R"([1,"a",{"b":null}])", R"({"a":"\u00e4"})");
    CHECK(cell_of("v", std::string(R"({"v":)") + spelled + "}") == spelled);
}

TEST_CASE("a row whose only cell is empty is no blank line") {
    CHECK(line_of({"gone"}, "{}") == "\"\"\r\n");
    CHECK(line_of({"t"}, R"({"t":""})") == "\"\"\r\n");
    CHECK(line_of({"gone", "t"}, "{}") == ",\r\n");
}

TEST_CASE("a path through an array gives what it selects there, as JSON") {
    const std::string_view row =
        R"({"a":[{"b":1,"c":2},{"c":3},{"b":{"d":4,"e":5}},6,[{"b":7}]],"x":{"y":[{"z":"t"}]},"none":[{"c":1}]})";
    CHECK(cell_of("a.b", row) == R"([{"b":1},{"b":{"d":4,"e":5}},[{"b":7}]])");
    CHECK(cell_of("a.b.d", row) == R"([{"b":{"d":4}}])");
    CHECK(cell_of("a.c", row) == R"([{"c":2},{"c":3}])");
    CHECK(cell_of("x.y.z", row) == R"([{"z":"t"}])");
    CHECK(cell_of("none.b", row).empty());
    CHECK(cell_of("x.y.z.deeper", row).empty());
}

TEST_CASE("a header quotes what a path needs quoted") {
    std::string header;
    dataset::csv_row({"say \"x\"", "plain"}).append_header(header);
    CHECK(header == "\"say \"\"x\"\"\",plain\r\n");
}

TEST_CASE("the columns are the paths as sent but trimmed, and the events when they are asked for") {
    auto job = a_job();
    using names = std::vector<std::string>;
    CHECK(dataset::output_columns(job).empty());
    job.fields = "  ";
    job.events = event_list{};
    CHECK(dataset::output_columns(job).empty());
    job.fields = " b.c , a,b.c";
    CHECK(dataset::output_columns(job) == names{"b.c", "a", "b.c", "eventList"});
    job.fields = "eventList,a";
    CHECK(dataset::output_columns(job) == names{"eventList", "a"});
    job.events.reset();
    job.fields = "a";
    CHECK(dataset::output_columns(job) == names{"a"});
}

TEST_CASE("events are one cell of CSV, also when a record is as deep as an import takes") {
    CHECK(cell_of("eventList", R"({"eventList":[]})") == "[]");
    const auto deep = std::string(32, '[') + std::string(32, ']');
    CHECK(cell_of("eventList", R"({"eventList":[{"a":)" + deep + "}]}") == R"([{"a":)" + deep + "}]");
}

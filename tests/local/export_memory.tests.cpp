// What an attempt takes of memory, measured in a process of its own.
#include <catch2/catch.hpp>

#include <fstream>
#include <functional>
#include <iostream>

#include <sys/wait.h>
#include <unistd.h>

#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr std::int64_t mebibyte = std::int64_t{1} << 20U;

std::int64_t memory(std::string_view what) {
    std::ifstream lines("/proc/self/status");
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(what)) return std::stoll(line.substr(what.size() + 1)) * 1024;
    throw std::runtime_error("no " + std::string(what));
}

/// By how much the work raises the highest memory of a process; nothing when it fails. Nothing is mapped from
/// files but the program, so all growth is anonymous.
std::optional<std::int64_t> peak_of(const std::function<bool()>& work) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe failed");
    const auto child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) {
        std::int64_t grown = -1;
        try {
            const auto before = memory("VmRSS:");
            if (work()) grown = memory("VmHWM:") - before;
        } catch (...) {
        }
        if (::write(ends[1], &grown, sizeof grown) != sizeof grown) ::_exit(1);
        ::_exit(0); // no destructor of the test's runs
    }
    ::close(ends[1]);
    std::int64_t grown = -1;
    if (::read(ends[0], &grown, sizeof grown) != sizeof grown) grown = -1;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (grown < 0) return std::nullopt;
    return grown;
}

std::optional<std::int64_t> peak_of_export(const engine_workshop& w, const publication& what,
                                           std::int64_t rows) {
    return peak_of([&] {
        const auto engine = w.engine(1, 2);
        const auto report = w.run(*engine, what);
        return report.state == attempt_state::staged && report.metrics.exported == rows;
    });
}

/// Members of a record, of so many bytes; another dataset has others.
using filling = std::string (*)(const std::string& dataset, std::size_t size);

std::string filled(char open, std::size_t size, const std::function<std::string(std::size_t)>& element,
                   char close) {
    std::string text(1, open);
    for (std::size_t i = 0; text.size() < size; ++i)
        text.append(i == 0 ? "" : ",").append(element(i));
    return text + close;
}

std::string lines_of_orders(const std::string& dataset, std::size_t size) {
    const auto line = [](std::size_t) { return std::string(R"({"sku":"a12","quantity":1,"price":0.10})"); };
    return "\"" + dataset + "\":" + filled('[', size, line, ']');
}

std::string long_texts(const std::string& dataset, std::size_t size) {
    const auto text = [](std::size_t) { return "\"" + std::string(2'000, 'x') + "\""; };
    return "\"" + dataset + "\":" + filled('[', size, text, ']');
}

/// No JSON has more values in so many bytes.
std::string digits(const std::string& dataset, std::size_t size) {
    const auto digit = [](std::size_t) { return std::string("0"); };
    return "\"" + dataset + "\":" + filled('[', size, digit, ']');
}

/// One object that the fragments fill together.
std::string members_of_one_object(const std::string& dataset, std::size_t size) {
    const auto member = [&](std::size_t i) { return "\"" + dataset + std::to_string(i) + "\":0"; };
    return "\"o\":" + filled('{', size, member, '}');
}

std::optional<std::int64_t> peak_of_exporting(int people) {
    engine_workshop w;
    const std::string tail = "\",\"text\":\"" + std::string(8'000, 'x') + "\"}\n";
    for (int i = 0; i < people;) {
        std::string records;
        do
            records += "{\"crm\":\"" + std::to_string(i) + tail;
        while (++i % 1'000 != 0);
        w.profiles.profiles(records);
    }
    return peak_of_export(w, a_publication(7, 0), people);
}

bool not_here() {
    if (sanitized) std::cout << "skipped here: a sanitizer keeps what is freed" << std::endl;
    return sanitized;
}

} // namespace

TEST_CASE("an attempt's memory does not grow with the number of profiles") {
    if (not_here()) return;
    const auto few = peak_of_exporting(6'000); // 46 MiB, more than may wait for the disk
    const auto many = peak_of_exporting(18'000);
    REQUIRE(few);
    REQUIRE(many);
    INFO(*few / mebibyte << " and " << *many / mebibyte << " MiB");
    CHECK(*many < *few + 16 * mebibyte); // of 92 more that are exported
}

TEST_CASE("an attempt stays below 200 MiB also with a profile of 10 MiB, in one record or in several") {
    if (not_here()) return;
    for (const filling members : {lines_of_orders, long_texts, digits, members_of_one_object})
        for (const std::size_t records : {1U, 3U}) {
            engine_workshop w;
            for (std::size_t i = 0; i < records; ++i) {
                const std::string dataset(1, static_cast<char>('a' + i));
                w.profiles.profiles(R"({"crm":"1",)" + members(dataset, 10 * mebibyte / records) + "}",
                                    {.dataset = dataset});
            }
            auto what = a_publication(7, 0);
            what.job.request.fields = "a,b,c,o";
            const auto peak = peak_of_export(w, what, 1);
            REQUIRE(peak);
            INFO(members("x", 10) << " in " << records << " records: " << *peak / mebibyte << " MiB");
            CHECK(*peak < 200 * mebibyte);
        }
}

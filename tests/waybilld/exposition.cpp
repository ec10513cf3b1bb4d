#include "exposition.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace waybill::test {

namespace {

void require(bool rule, const std::string& broken) {
    if (!rule) throw std::runtime_error(broken);
}

double number_of(const std::string& text) {
    if (text == "+Inf") return std::numeric_limits<double>::infinity();
    char* end = nullptr;
    const auto value = std::strtod(text.c_str(), &end);
    require(!text.empty() && *end == '\0' && std::isfinite(value), "no number: " + text);
    return value;
}

/// `a="b",c="d"`, every part of it accounted for.
std::map<std::string, std::string> labels_of(const std::string& text) {
    static const std::regex one(R"re(^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$))re");
    std::map<std::string, std::string> labels;
    std::smatch found;
    for (auto rest = text; !rest.empty(); rest = found.suffix()) {
        require(std::regex_search(rest, found, one), "no label: " + rest);
        require(found[3].length() == 0 || found.suffix().length() > 0, "a comma at the end: " + text);
        require(labels.emplace(found[1], found[2]).second, "a label twice: " + text);
    }
    return labels;
}

bool has_base_unit(const std::string& family) {
    static const std::regex other_unit(
        "_(milliseconds|ms|minutes|hours|kilobytes|kb|megabytes|mb|percent)(_|$)");
    return !std::regex_search(family, other_unit);
}

} // namespace

exposition::exposition(const std::string& text) {
    require(!text.empty() && text.back() == '\n', "the last line has no end");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        line.starts_with('#') ? read_comment(line) : read_sample(line);
    check_family();
    require(helps_.size() == types_.size(), "HELP and TYPE do not go together");
}

void exposition::read_comment(const std::string& line) {
    static const std::regex help("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\\S.*)$");
    static const std::regex type("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$");
    std::smatch found;
    if (std::regex_match(line, found, help)) {
        check_family();
        family_ = found[1];
        samples_.clear();
        require(helps_.emplace(family_, found[2]).second, "a family twice: " + line);
    } else {
        require(std::regex_match(line, found, type), "a comment of no kind: " + line);
        require(found[1] == family_ && samples_.empty(), "TYPE does not follow its HELP: " + line);
        require(types_.emplace(family_, found[2]).second, "a type twice: " + line);
    }
}

void exposition::read_sample(const std::string& line) {
    static const std::regex form(R"re(^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? (\S+)$)re");
    std::smatch found;
    require(std::regex_match(line, found, form), "no sample: " + line);
    require(types_.contains(family_), "a sample without TYPE: " + line);
    const bool of_histogram = types_.at(family_) == "histogram";
    const std::string name = found[1];
    const auto suffix = name.starts_with(family_) ? name.substr(family_.size()) : "?";
    require(of_histogram ? suffix == "_bucket" || suffix == "_sum" || suffix == "_count" : suffix.empty(),
            "a sample of another family: " + line);
    samples_.push_back({name, labels_of(found[3]), number_of(found[4])});
    require(values_.emplace(name + found[2].str(), samples_.back().value).second, "a series twice: " + line);
}

void exposition::check_family() const {
    if (family_.empty()) return;
    require(types_.contains(family_), "no TYPE: " + family_);
    const auto& type = types_.at(family_);
    require(has_base_unit(family_), "not a base unit: " + family_);
    require((type == "counter") == family_.ends_with("_total"), "counters end in _total: " + family_);
    for (const auto* const reserved : {"_count", "_sum", "_bucket"})
        require(!family_.ends_with(reserved), "a name of a histogram's parts: " + family_);
    for (const auto& each : samples_)
        require(type == "gauge" || each.value >= 0, "less than nothing: " + each.name);
    if (type == "histogram") check_histogram();
}

/// Each series: buckets whose bounds grow and whose counts do not shrink, up to +Inf, then sum and count.
void exposition::check_histogram() const {
    std::map<std::string, std::string> series;
    std::optional<double> bound;
    double so_far = 0;
    std::string expected = "_bucket";
    for (auto each : samples_) {
        const auto part = each.name.substr(family_.size());
        require(part == expected, family_ + ": expected " + expected + ", not " + part);
        if (part == "_bucket") {
            require(each.labels.contains("le"), "a bucket without le: " + family_);
            const auto at = number_of(each.labels.at("le"));
            each.labels.erase("le");
            if (!bound) series = each.labels;
            require(!bound || at > *bound, "bounds that do not grow: " + family_);
            require(!bound || each.value >= so_far, "counts that are not cumulative: " + family_);
            bound = at;
            so_far = each.value;
            if (std::isinf(at)) expected = "_sum";
        } else if (part == "_sum") {
            expected = "_count";
        } else {
            require(each.value == so_far, "the count is not that of +Inf: " + family_);
            bound.reset();
            expected = "_bucket";
        }
        require(each.labels == series, "series that are mixed: " + family_);
    }
    require(expected == "_bucket" && !bound, "a histogram that does not end: " + family_);
}

} // namespace waybill::test

#include "report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace waybill::bench {
namespace {

using cells = std::array<std::string, 6>;

constexpr std::array headings{"workload", "ours", "reference", "ratio (min to max)", "target", "holds"};

std::string text_of(double number, int decimals) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
    return text.data();
}

/// 28,740; 4.31
std::string amount(double number) {
    if (number < 100) return text_of(number, number < 10 ? 2 : 1);
    auto digits = std::to_string(std::llround(number));
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

std::string amount_with_unit(const std::optional<double>& number, const std::string& unit) {
    return number ? amount(*number) + ' ' + unit : "not measured";
}

std::string target_text(const std::optional<target>& wanted) {
    if (!wanted) return "";
    return (wanted->which == target::sense::at_least ? ">= " : "<= ") + text_of(wanted->bound, 2);
}

cells cells_of(const result_row& row) {
    cells texts;
    texts[0] = row.name;
    texts[1] = amount_with_unit(row.ours, row.unit);
    texts[2] = amount_with_unit(row.reference, row.unit) + ", " + row.reference_name;
    if (row.ratio) {
        texts[3] = text_of(*row.ratio, 2);
        if (row.ratio_min && row.ratio_max)
            texts[3] += " (" + text_of(*row.ratio_min, 2) + " to " + text_of(*row.ratio_max, 2) + ')';
    }
    texts[4] = target_text(row.wanted);
    if (row.wanted) texts[5] = !row.ratio ? "not measured" : *row.holds() ? "yes" : "NO";
    return texts;
}

std::vector<cells> all_cells(const report& all) {
    std::vector<cells> lines(1);
    std::copy(headings.begin(), headings.end(), lines.front().begin());
    for (const auto& row : all.rows)
        lines.push_back(cells_of(row));
    return lines;
}

std::string machine_text(const report& all) {
    const auto& where = all.where;
    return where.cpu + ", " + std::to_string(where.cores) + " cores, " +
           text_of(static_cast<double>(where.memory_bytes) / (1U << 30U), 1) + " GiB, " + where.filesystem +
           ", " + where.kernel + ", SQLite " + where.sqlite + "; medians of " + std::to_string(all.rounds) +
           (all.rounds == 1 ? " round" : " interleaved rounds") +
           (where.on_disk ? "" : "; IN MEMORY: a sync costs nothing here, so no figure of writing counts");
}

template <class T>
nlohmann::ordered_json maybe(const std::optional<T>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

} // namespace

std::string as_table(const report& all) {
    const auto lines = all_cells(all);
    std::array<std::size_t, 6> widths{};
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    std::string text = machine_text(all) + "\n\n";
    for (const auto& line : lines) {
        std::string padded;
        for (std::size_t i = 0; i < line.size(); ++i)
            padded += line[i] + std::string(widths[i] - line[i].size() + 2, ' ');
        padded.erase(padded.find_last_not_of(' ') + 1);
        text += padded + '\n';
    }
    return text;
}

std::string as_markdown(const report& all) {
    std::string text = machine_text(all) + ".\n\n";
    bool heading = true;
    for (const auto& line : all_cells(all)) {
        for (const auto& cell : line)
            text += "| " + cell + ' ';
        text += "|\n";
        if (heading) text += "|---|---|---|---|---|---|\n";
        heading = false;
    }
    return text;
}

std::string as_json(const report& all) {
    const auto& where = all.where;
    nlohmann::ordered_json document;
    document["machine"] = {
        {"cpu", where.cpu},       {"cores", where.cores},           {"memory_bytes", where.memory_bytes},
        {"kernel", where.kernel}, {"filesystem", where.filesystem}, {"on_disk", where.on_disk},
        {"sqlite", where.sqlite}};
    document["rounds"] = all.rounds;
    auto& results = document["results"] = nlohmann::ordered_json::array();
    for (const auto& row : all.rows) {
        nlohmann::ordered_json one;
        one["name"] = row.name;
        one["unit"] = row.unit;
        one["ours"] = maybe(row.ours);
        one["reference"] = maybe(row.reference);
        one["reference_name"] = row.reference_name;
        one["ratio"] = maybe(row.ratio);
        one["ratio_min"] = maybe(row.ratio_min);
        one["ratio_max"] = maybe(row.ratio_max);
        one["target"] = row.wanted ? nlohmann::ordered_json(target_text(row.wanted)) : nullptr;
        one["holds"] = maybe(row.holds());
        results.push_back(std::move(one));
    }
    return document.dump(2) + '\n';
}

} // namespace waybill::bench

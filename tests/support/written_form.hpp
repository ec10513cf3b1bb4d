// The profiles' interchange form as a store was written to it, in a directory of its own, and what stands in
// it.
#pragma once

#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <waybill/profile_interchange.hpp>

#include "support/profile_fixture.hpp"
#include "support/whole_file.hpp"

namespace waybill::test {

/// The names in a directory, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

class written_form {
  public:
    explicit written_form(const std::filesystem::path& store, const interchange_options& how = {}) {
        const auto outcome = write_interchange(store, place(), how);
        if (!outcome) throw std::runtime_error(outcome.error().message);
        written = *outcome;
    }

    interchange_counts written;

    std::filesystem::path place() const { return directory_ / "form"; }
    std::string text(const std::string& name) const { return bytes_of(place() / name); }
    std::vector<std::string> fragments() const { return lines_of("fragments"); }
    std::vector<std::string> events() const { return lines_of("events"); }
    /// The text of this member of each line.
    static std::vector<std::string> members(const std::vector<std::string>& lines, const char* name) {
        std::vector<std::string> all;
        json::document document;
        for (const auto& line : lines) {
            if (document.parse(line)) throw std::runtime_error("no JSON: " + line);
            all.emplace_back(document.root().member(name).raw());
        }
        return all;
    }

    /// Record by record, as `import` would take it from who sent it first, with the identities that the form
    /// has of it. Lines stand in the order of the import.
    void import_into(temp_profiles& store) const {
        json::document line;
        for (const auto& text : fragments()) {
            if (line.parse(text)) throw std::runtime_error("no JSON: " + text);
            auto record = std::string(line.root().member("record").raw());
            record.pop_back();
            if (record.size() > 1) record += ',';
            record.append("\"identityMap\":").append(line.root().member("identityMap").raw()) += '}';
            store.profiles(record, how_of(line.root()));
        }
        for (const auto& text : events()) {
            if (line.parse(text)) throw std::runtime_error("no JSON: " + text);
            store.events(std::string(line.root().member("record").raw()), how_of(line.root()));
        }
    }

  private:
    std::vector<std::string> lines_of(const std::string& kind) const {
        std::vector<std::string> lines;
        for (const auto& name : names_in(place() / kind)) {
            std::istringstream file(text(kind + "/" + name));
            for (std::string line; std::getline(file, line);)
                lines.push_back(line);
        }
        return lines;
    }
    static an_import how_of(json::value line) {
        const timestamp moment{std::chrono::milliseconds{*line.member("ingestTime").integer()}};
        return {line.member("datasetId").text(),
                to_rfc3339(moment),
                {},
                {line.member("org").text(), line.member("sandbox").text()}};
    }

    temp_directory directory_;
};

} // namespace waybill::test

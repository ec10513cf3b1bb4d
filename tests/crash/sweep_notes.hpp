// What the story of the crash sweep was promised before its end, read from its notes.
#pragma once

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <waybill/export_job.hpp>

#include "crash/sweep_names.hpp"

namespace waybill::test {

struct noted_job {
    tenant owner;
    std::string dataset;
    export_kind kind = export_kind::everything;
    bool cancelling = false; ///< a cancel was asked for
    bool cancelled = false;  ///< and answered
    bool removing = false;
    bool removed = false;
};

struct sweep_notes {
    std::map<job_id, noted_job> jobs;  ///< of the creates that were answered
    std::set<job_id> given_twice;      ///< ids that two creates were answered with
    bool pruning = false;              ///< old cancelled jobs may go
    bool pruned = false;               ///< they have gone, but for those of later
    bool ended = false;                ///< the story came to its end
    std::vector<std::string> troubles; ///< what the library threw
    std::vector<std::string> problems; ///< what it told the operator
};

inline sweep_notes read_notes(const std::filesystem::path& file) {
    sweep_notes notes;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string what;
        job_id id = 0;
        words >> what;
        if (what == "trouble") {
            notes.troubles.push_back(line);
        } else if (what == "problem") {
            notes.problems.push_back(line);
        } else if (what == "created") {
            std::string org;
            std::string dataset;
            std::string kind;
            words >> id >> org >> dataset >> kind;
            const auto& owner = org == sweep_acme.org ? sweep_acme : sweep_globex;
            if (!notes.jobs.emplace(id, noted_job{owner, dataset, parse_export_kind(kind)}).second)
                notes.given_twice.insert(id);
        } else if (words >> id) {
            auto& job = notes.jobs.at(id);
            if (what == "cancelling") job.cancelling = true;
            if (what == "cancelled") job.cancelled = true;
            if (what == "removing") job.removing = true;
            if (what == "removed") job.removed = true;
        }
        if (what == "pruning") notes.pruning = true;
        if (what == "pruned") notes.pruned = true;
        if (line == "the end") notes.ended = true;
    }
    return notes;
}

} // namespace waybill::test

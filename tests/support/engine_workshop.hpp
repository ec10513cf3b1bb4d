// Profiles, datasets and the embedded engine over both, all real, in directories of their own.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <waybill/local_engine.hpp>

#include "support/news.hpp"
#include "support/profile_fixture.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {

struct engine_workshop {
    temp_profiles profiles;
    temp_directory root;
    news told;

    /// `readers`: threads that make the rows of one attempt; 0: as many as there are processors.
    std::unique_ptr<local_engine> engine(std::size_t threads = 1, std::size_t readers = 0) const {
        auto made = std::make_unique<local_engine>(local_engine_options{
            .profiles = profiles.file(), .datasets = root.path(), .threads = threads, .readers = readers});
        made->on_news(told.listener());
        return made;
    }
    attempt_report outcome(local_engine& of, const staging_key& key) const {
        attempt_report report;
        told.wait_until([&] {
            report = of.poll(key);
            return report.state != attempt_state::running;
        });
        return report;
    }
    attempt_report run(local_engine& with, const publication& what) const {
        with.submit(what.key, what.job);
        return outcome(with, what.key);
    }
    /// The rows of a staged batch, members in the order of their names.
    std::vector<std::string> rows(const publication& what, std::size_t batch = 0) const {
        std::istringstream text(contents(staging_of(root.path(), what) /
                                         dataset::batch_name(what.job.batches.at(batch).batch_id) /
                                         "part-00000.ndjson"));
        std::vector<std::string> found;
        for (std::string line; std::getline(text, line);)
            found.push_back(in_order(line));
        return found;
    }
};

/// So many small profiles, as NDJSON.
inline std::string many_profiles(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += R"({"crm":")" + std::to_string(i) + "\"}\n";
    return text;
}

} // namespace waybill::test

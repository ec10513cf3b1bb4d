#include "export_contestants.hpp"

#include <fstream>
#include <stdexcept>

#include "engine_export.hpp"
#include "evaluated_segments.hpp"
#include "exported_rows.hpp"
#include "stored_profiles.hpp"

namespace waybill::bench {

namespace {

contestant exporting_by(local_engine_options where, std::string name, new_export_job request,
                        std::size_t times, std::function<void(export_job&)> settle) {
    const auto run = [request = std::move(request), times](engine_export& by) {
        slice_time sum;
        for (std::size_t i = 0; i < times; ++i) {
            sum.seconds += by.run(request).seconds;
            sum.operations += 1;
        }
        return sum;
    };
    return {std::move(name),
            [run, settle = std::move(settle), where = std::move(where)](const std::filesystem::path& folder) {
                auto here = where;
                here.datasets = folder / "datasets";
                return std::make_unique<runner_of<engine_export>>(
                    std::make_unique<engine_export>(std::move(here), settle), run);
            }};
}

} // namespace

contestant exporting(const bench& in, std::string name, new_export_job request, std::size_t times,
                     std::function<void(export_job&)> settle) {
    return exporting_by({.profiles = in.profiles.store()}, std::move(name), std::move(request), times,
                        std::move(settle));
}

contestant evaluating(const bench& in, std::string name, new_export_job request) {
    local_engine_options where{.profiles = in.profiles.store()};
    where.segments = segment_store_of(in);
    where.now = [] { return end_of_events; };
    return exporting_by(std::move(where), std::move(name), std::move(request), 1, {});
}

std::filesystem::path rows_of_all(const bench& in) {
    const auto inputs = in.folder / "inputs";
    const auto file = inputs / "rows.ndjson";
    if (std::filesystem::exists(file)) return file;
    std::filesystem::create_directories(inputs);
    engine_export({.profiles = in.profiles.store(), .datasets = inputs / "datasets"}).run(export_of_all());
    std::ofstream out(file, std::ios::binary);
    for (const auto& part : exported_files(inputs / "datasets"))
        out << std::ifstream(part, std::ios::binary).rdbuf();
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.string());
    std::filesystem::remove_all(inputs / "datasets");
    return file;
}

} // namespace waybill::bench

#include "export_contestants.hpp"

#include <fstream>
#include <stdexcept>

#include "engine_export.hpp"
#include "exported_rows.hpp"
#include "stored_profiles.hpp"

namespace waybill::bench {

contestant exporting(const bench& in, std::string name, new_export_job request, std::size_t times,
                     std::function<void(export_job&)> settle) {
    const auto run = [request = std::move(request), times](engine_export& by) {
        slice_time sum;
        for (std::size_t i = 0; i < times; ++i) {
            sum.seconds += by.run(request).seconds;
            sum.operations += 1;
        }
        return sum;
    };
    return {std::move(name), [run, settle = std::move(settle),
                              file = in.profiles.store()](const std::filesystem::path& folder) {
                return std::make_unique<runner_of<engine_export>>(
                    std::make_unique<engine_export>(file, folder / "datasets", settle), run);
            }};
}

std::filesystem::path rows_of_all(const bench& in) {
    const auto inputs = in.folder / "inputs";
    const auto file = inputs / "rows.ndjson";
    if (std::filesystem::exists(file)) return file;
    std::filesystem::create_directories(inputs);
    engine_export(in.profiles.store(), inputs / "datasets").run(export_of_all());
    std::ofstream out(file, std::ios::binary);
    for (const auto& part : exported_files(inputs / "datasets"))
        out << std::ifstream(part, std::ios::binary).rdbuf();
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.string());
    std::filesystem::remove_all(inputs / "datasets");
    return file;
}

} // namespace waybill::bench

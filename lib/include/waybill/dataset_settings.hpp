// How a dataset's files are written: its format and compression, which an operator sets and every attempt
// that is claimed later keeps to (docs/datasets.md). Plain values, any thread; `read_dataset_settings` opens
// and closes the store's file and runs beside its owner. Error rule: `not_found` for a missing file,
// `conflict` for an older schema; disk, a foreign file and a newer schema throw `store_failure`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/tenant.hpp>

namespace waybill {

enum class dataset_format {
    ndjson, ///< a JSON object a line
    csv,    ///< RFC 4180, a column for each of a job's `fields`
};

enum class dataset_compression { none, gzip, zstd };

constexpr std::string_view to_text(dataset_format format) {
    switch (format) {
    case dataset_format::ndjson: return "ndjson";
    case dataset_format::csv: return "csv";
    }
    return {};
}

constexpr std::string_view to_text(dataset_compression compression) {
    switch (compression) {
    case dataset_compression::none: return "none";
    case dataset_compression::gzip: return "gzip";
    case dataset_compression::zstd: return "zstd";
    }
    return {};
}

constexpr std::optional<dataset_format> parse_dataset_format(std::string_view text) {
    for (const auto format : {dataset_format::ndjson, dataset_format::csv})
        if (to_text(format) == text) return format;
    return std::nullopt;
}

constexpr std::optional<dataset_compression> parse_dataset_compression(std::string_view text) {
    for (const auto compression :
         {dataset_compression::none, dataset_compression::gzip, dataset_compression::zstd})
        if (to_text(compression) == text) return compression;
    return std::nullopt;
}

/// How an attempt writes its files; as here where nobody has set anything.
struct dataset_output {
    dataset_format format = dataset_format::ndjson;
    dataset_compression compression = dataset_compression::none;

    friend bool operator==(const dataset_output&, const dataset_output&) = default;
};

/// A dataset for which something was set; it need not have been exported to yet.
struct dataset_settings {
    std::string dataset_id;
    dataset_output output;

    friend bool operator==(const dataset_settings&, const dataset_settings&) = default;
};

/// Those of a tenant, by dataset.
result<std::vector<dataset_settings>> read_dataset_settings(const std::filesystem::path& job_store,
                                                            const tenant& owner);

} // namespace waybill

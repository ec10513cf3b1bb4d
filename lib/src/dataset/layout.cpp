#include "dataset/layout.hpp"

#include <algorithm>

#include <waybill/result.hpp>

#include <waybill/new_export_job.hpp>

namespace waybill::dataset {

namespace {

constexpr std::string_view batch_prefix = "batch-";
constexpr std::string_view pruned_prefix = "pruned-";

constexpr bool stays(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

constexpr int upper_hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

[[noreturn]] void refuse(const std::string& what) {
    throw store_failure(store_failure::kind::internal, "refused as part of a dataset's path: " + what);
}

} // namespace

std::string encode_name(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string name;
    for (const char c : text) {
        if (stays(c)) {
            name.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        name.push_back('%');
        name.push_back(digits[byte >> 4U]);
        name.push_back(digits[byte & 0xFU]);
    }
    return name;
}

std::optional<std::string> decode_name(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '%') {
            text.push_back(name[i]);
            continue;
        }
        if (i + 2 >= name.size()) return std::nullopt;
        const int high = upper_hex_digit(name[i + 1]);
        const int low = upper_hex_digit(name[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        text.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    // Two names for one tenant would be two places for one dataset: only the spelling that we write is ours.
    if (text.empty() || text.size() > tenant::longest || encode_name(text) != name) return std::nullopt;
    return text;
}

bool valid_batch_id(std::string_view text) {
    return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::string batch_name(std::string_view batch_id) {
    if (!valid_batch_id(batch_id)) refuse("batch id '" + std::string(batch_id) + "'");
    return std::string(batch_prefix).append(batch_id);
}

std::optional<std::string> parse_batch_name(std::string_view name) {
    if (!name.starts_with(batch_prefix)) return std::nullopt;
    name.remove_prefix(batch_prefix.size());
    if (!valid_batch_id(name)) return std::nullopt;
    return std::string(name);
}

std::string pruned_name(std::string_view batch_id) {
    return std::string(pruned_prefix).append(batch_name(batch_id));
}

bool is_pruned_name(std::string_view name) {
    return name.starts_with(pruned_prefix) && parse_batch_name(name.substr(pruned_prefix.size()));
}

std::filesystem::path staging_directory(const std::filesystem::path& dataset, const staging_key& key) {
    return dataset / staging_name / to_text(key);
}

} // namespace waybill::dataset

namespace waybill {

std::filesystem::path dataset_directory(const std::filesystem::path& root, const tenant& owner,
                                        const std::string& dataset_id) {
    if (!owner.valid()) dataset::refuse("tenant '" + owner.org + "', '" + owner.sandbox + "'");
    if (!is_dataset_id(dataset_id)) dataset::refuse("dataset id '" + dataset_id + "'");
    return root / dataset::encode_name(owner.org) / dataset::encode_name(owner.sandbox) / dataset_id;
}

} // namespace waybill

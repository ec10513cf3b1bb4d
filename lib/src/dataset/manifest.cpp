#include "dataset/manifest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <unordered_set>

#include <fcntl.h>
#include <unistd.h>

#include "dataset/layout.hpp"
#include "digest/sha256.hpp"
#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "json/document.hpp"

namespace waybill::dataset {

namespace {

failure wrong(std::string why) { return {errc::invalid, std::move(why), {}}; }

bool plain_file_name(std::string_view name) {
    return !name.empty() && name.front() != '.' && name != manifest_name && name != success_name &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

bool sha256_text(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::optional<std::int64_t> count_in(json::value from, std::string_view name) {
    const auto number = from.member(name).integer();
    return number && *number >= 0 ? number : std::nullopt;
}

std::optional<part_file> parse_file(json::value from) {
    const auto rows = count_in(from, "rows");
    const auto bytes = count_in(from, "bytes");
    if (!rows || !bytes) return std::nullopt;
    part_file file{from.member("name").text(), *rows, *bytes, from.member("sha256").text()};
    if (!plain_file_name(file.name) || !sha256_text(file.sha256)) return std::nullopt;
    return file;
}

/// The files, each name once, and their sums as the totals say.
std::optional<std::string> parse_files(json::value root, manifest& into) {
    const auto files = root.member("files");
    if (!files.is_array() || files.size() == 0) return "names no files";
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::unordered_set<std::string> names; // there may be 100,000
    for (const auto entry : files.children()) {
        auto file = parse_file(entry);
        if (!file) return "has a malformed entry of files";
        if (__builtin_add_overflow(rows, file->rows, &rows) ||
            __builtin_add_overflow(bytes, file->bytes, &bytes))
            return "has impossible counts";
        if (!names.insert(file->name).second) return "names the file " + file->name + " twice";
        into.files.push_back(std::move(*file));
    }
    if (count_in(root.member("totals"), "rows") != rows || count_in(root.member("totals"), "bytes") != bytes)
        return "has totals that are not the sums of its files";
    into.rows = rows;
    into.bytes = bytes;
    return std::nullopt;
}

std::optional<dataset_output> parse_output(json::value root) {
    const auto format = parse_dataset_format(root.member("format").text());
    const auto compression = parse_dataset_compression(root.member("compression").text());
    if (!format || !compression) return std::nullopt;
    return dataset_output{*format, *compression};
}

struct file_sum {
    std::int64_t bytes = 0;
    std::string sha256;
};

/// Nothing when there is no such file.
std::optional<file_sum> sum_of(const std::filesystem::path& path, const std::stop_token& stop) {
    const disk::file_descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.number() < 0) {
        if (errno == ENOENT) return std::nullopt;
        disk::throw_system_error(errno, "open", path);
    }
    if (::fdatasync(file.number()) != 0) disk::throw_system_error(errno, "sync", path);
    digest::sha256 sum;
    file_sum found;
    std::string piece(std::size_t{1} << 18U, '\0');
    for (;;) {
        if (stop.stop_requested()) disk::throw_system_error(ECANCELED, "read", path);
        const auto got = ::read(file.number(), piece.data(), piece.size());
        if (got == 0) break;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) disk::throw_system_error(errno, "read", path);
        sum.add({piece.data(), static_cast<std::size_t>(got)});
        found.bytes += got;
    }
    found.sha256 = sum.hex();
    return found;
}

/// How a file is not as a manifest says.
std::optional<std::string> differs(const std::filesystem::path& path, const part_file& from,
                                   const std::stop_token& stop) {
    const auto found = sum_of(path, stop);
    if (!found) return path.string() + " is not there";
    if (found->bytes != from.bytes)
        return path.string() + " has " + std::to_string(found->bytes) + " bytes instead of " +
               std::to_string(from.bytes);
    if (found->sha256 != from.sha256) return path.string() + " has another checksum";
    return std::nullopt;
}

} // namespace

result<manifest> parse_manifest(std::string_view text) {
    json::document document;
    if (const auto error = document.parse(text)) return wrong("is no JSON: " + error->message);
    const auto root = document.root();
    if (root.member("schemaVersion").integer() != 1) return wrong("has a schemaVersion other than 1");
    const auto job = root.member("jobId").integer();
    const auto attempt = root.member("attempt").integer();
    const auto epoch = root.member("epoch").integer();
    if (!job || !attempt || !epoch) return wrong("does not name job, attempt and epoch");
    manifest what;
    what.key = {*job, *attempt, *epoch};
    what.batch_id = root.member("batchId").text();
    if (auto why = parse_files(root, what)) return wrong(std::move(*why));
    what.output = parse_output(root);
    if (const auto evaluation = root.member("evaluation")) {
        what.memberships = parse_file(evaluation.member("memberships"));
        if (!what.memberships || what.memberships->name != memberships_name)
            return wrong("has a malformed evaluation");
    }
    return what;
}

result<read_manifest> find_manifest(const std::filesystem::path& batch_directory) {
    const auto path = batch_directory / manifest_name;
    const auto text = disk::read_file(path);
    if (!text) return wrong(path.string() + " is not there");
    auto parsed = parse_manifest(*text);
    if (!parsed) return wrong(path.string() + ' ' + parsed.error().message);
    return read_manifest{std::move(*parsed), digest::sha256_hex(*text)};
}

result<read_manifest> manifest_of(const std::filesystem::path& batch_directory, const staging_key& key,
                                  std::string_view batch_id) {
    const auto path = (batch_directory / manifest_name).string();
    auto read = find_manifest(batch_directory);
    if (!read) return read;
    if (read->content.key != key) return wrong(path + " names the attempt " + to_text(read->content.key));
    if (read->content.batch_id != batch_id) return wrong(path + " names the batch " + read->content.batch_id);
    return read;
}

result<done> verify_memberships(const std::filesystem::path& staging, const part_file& what,
                                const std::stop_token& stop) {
    if (auto why = differs(staging / what.name, what, stop)) return wrong(std::move(*why));
    return done{};
}

result<done> verify_files(const std::filesystem::path& batch_directory, const manifest& what,
                          const std::stop_token& stop) {
    if (!disk::is_there(batch_directory / success_name))
        return wrong(batch_directory.string() + " has no _SUCCESS");
    for (const auto& file : what.files)
        if (auto why = differs(batch_directory / file.name, file, stop)) return wrong(std::move(*why));
    if (!sum_of(batch_directory / manifest_name, stop) || !sum_of(batch_directory / success_name, stop))
        return wrong(batch_directory.string() + " changed while it was read");
    disk::sync_directory(batch_directory);
    return done{};
}

} // namespace waybill::dataset

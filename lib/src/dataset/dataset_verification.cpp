#include <waybill/dataset_contents.hpp>

#include "compression/decompressor.hpp"
#include "dataset/current.hpp"
#include "dataset/layout.hpp"
#include "dataset/manifest.hpp"
#include "dataset/row_counter.hpp"
#include "dataset/tenant_datasets.hpp"
#include "digest/sha256.hpp"
#include "disk/directory.hpp"
#include "disk/unlinked_path.hpp"

namespace waybill {

namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10U;

std::string number(std::int64_t of) { return std::to_string(of); }

/// What a file turns out to be.
struct seen_file {
    std::int64_t bytes = 0;
    std::string sha256;
    std::optional<std::int64_t> rows; ///< when its format is known
    std::string damage;               ///< why its rows cannot be counted
};

class verification {
  public:
    explicit verification(const std::function<void(const dataset_verification&)>& on_progress)
        : on_progress_(on_progress) {}

    void look_at_dataset(const std::filesystem::path& directory) {
        ++seen_.datasets;
        finding_trouble([&] {
            const auto current = dataset::read_current(directory);
            if (!current) return;
            for (const auto& batch : current->batches)
                look_at_visible(directory, batch);
            for (const auto& batch_id : current->superseded)
                look_at_superseded(directory, batch_id);
        });
    }

    dataset_verification take() { return std::move(seen_); }

  private:
    void look_at_visible(const std::filesystem::path& dataset, const dataset::current_batch& named) {
        const auto batch = dataset / dataset::batch_name(named.batch_id);
        finding_trouble([&] {
            const auto read = dataset::find_manifest(batch);
            if (!read) return find(read.error().message);
            if (read->sha256 != named.manifest_sha256)
                find((batch / dataset::manifest_name).string() + " is not the one that was published");
            const auto& what = read->content;
            if (what.rows != named.rows || what.bytes != named.bytes)
                find(batch.string() + " has " + number(what.rows) + " rows and " + number(what.bytes) +
                     " bytes by its manifest, and " + number(named.rows) + " and " + number(named.bytes) +
                     " by current.json");
            look_at_batch(batch, named.batch_id, what);
        });
    }

    /// What is pruned, half pruned, or pruned while we look, is in order.
    void look_at_superseded(const std::filesystem::path& dataset, const std::string& batch_id) {
        const auto batch = dataset / dataset::batch_name(batch_id);
        const auto found_before = seen_.findings.size();
        finding_trouble([&] {
            if (!disk::is_there(batch / dataset::manifest_name)) return;
            const auto read = dataset::find_manifest(batch);
            if (!read) return find(read.error().message);
            look_at_batch(batch, batch_id, read->content);
        });
        finding_trouble([&] {
            if (!disk::is_there(batch / dataset::manifest_name)) seen_.findings.resize(found_before);
        });
    }

    void look_at_batch(const std::filesystem::path& batch, const std::string& batch_id,
                       const dataset::manifest& what) {
        ++seen_.batches;
        if (what.batch_id != batch_id) find(batch.string() + " has the manifest of batch " + what.batch_id);
        if (!disk::is_there(batch / dataset::success_name)) find(batch.string() + " has no _SUCCESS");
        const auto directory = disk::open_directory(batch.parent_path(), batch.filename());
        if (!directory) return find(batch.string() + " is not there as a directory");
        for (const auto& file : what.files)
            finding_trouble([&] { look_at_file(*directory, batch / file.name, file, what.output); });
    }

    void look_at_file(const disk::file_descriptor& directory, const std::filesystem::path& path,
                      const dataset::part_file& as, const std::optional<dataset_output>& output) {
        ++seen_.files;
        const auto file = disk::open_file(directory, as.name);
        if (!file) return find(path.string() + " is not there as a file");
        const auto seen = read_through(file->descriptor, output);
        seen_.rows += seen.rows.value_or(0);
        if (seen.bytes != as.bytes)
            find(path.string() + " has " + number(seen.bytes) + " bytes instead of " + number(as.bytes));
        if (seen.sha256 != as.sha256) find(path.string() + " has another checksum");
        if (!seen.damage.empty())
            find(path.string() + " is " + seen.damage);
        else if (seen.rows && *seen.rows != as.rows)
            find(path.string() + " has " + number(*seen.rows) + " rows instead of " + number(as.rows));
    }

    seen_file read_through(const disk::file_descriptor& file, const std::optional<dataset_output>& output) {
        seen_file seen;
        digest::sha256 sum;
        dataset::row_counter rows(output.value_or(dataset_output{}).format);
        compression::decompressor reader(output.value_or(dataset_output{}).compression);
        for (;;) {
            const auto piece = disk::read_at(file, seen.bytes, piece_size);
            if (piece.empty()) break;
            sum.add(piece);
            seen.bytes += static_cast<std::int64_t>(piece.size());
            seen_.bytes += static_cast<std::int64_t>(piece.size());
            if (output && seen.damage.empty()) count_rows(piece, reader, rows, seen.damage);
            if (on_progress_) on_progress_(seen_);
        }
        seen.sha256 = sum.hex();
        if (!output) return seen;
        if (seen.damage.empty() && !(reader.complete() && rows.complete())) seen.damage = "cut off";
        seen.rows = rows.rows();
        return seen;
    }

    static void count_rows(std::string_view piece, compression::decompressor& reader,
                           dataset::row_counter& rows, std::string& damage) {
        try {
            reader.add(piece, [&](std::string_view text) { rows.add(text); });
        } catch (const store_failure& broken) {
            damage = broken.what();
        }
    }

    /// What cannot be read is a finding, and what comes after it is looked at all the same.
    template <class Look>
    void finding_trouble(Look look) {
        try {
            look();
        } catch (const store_failure& trouble) {
            find(trouble.what());
        }
    }

    void find(std::string what) { seen_.findings.push_back(std::move(what)); }

    const std::function<void(const dataset_verification&)>& on_progress_;
    dataset_verification seen_;
};

} // namespace

result<dataset_verification>
verify_datasets(const std::filesystem::path& root, const tenant& owner,
                const std::optional<std::string>& dataset_id,
                const std::function<void(const dataset_verification&)>& on_progress) {
    std::vector<std::filesystem::path> directories;
    if (dataset_id) {
        auto one = dataset::directory_of(root, owner, *dataset_id);
        if (!one) return std::move(one).error();
        directories.push_back(*std::move(one));
    } else {
        auto all = dataset::directories_of(root, owner);
        if (!all) return std::move(all).error();
        directories = *std::move(all);
    }
    verification looking(on_progress);
    for (const auto& directory : directories)
        looking.look_at_dataset(directory);
    return looking.take();
}

} // namespace waybill

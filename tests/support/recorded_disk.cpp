#include "support/recorded_disk.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

#include "support/whole_file.hpp"

namespace waybill::test {

namespace fs = std::filesystem;

struct recorded_disk::node {
    bool is_folder = false;
    torn_file contents{};
    std::map<std::string, node_pointer> now{};     ///< of a directory
    std::map<std::string, node_pointer> durable{}; ///< after a power cut, but for what is pending
};

recorded_disk::recorded_disk(fs::path root, const fs::path& before)
    : root_(root.lexically_normal()), tree_(load(before)) {}

recorded_disk::~recorded_disk() = default;

recorded_disk::node_pointer recorded_disk::load(const fs::path& from) {
    auto made = std::make_shared<node>();
    made->is_folder = fs::is_directory(from);
    if (!made->is_folder) {
        made->contents.synced = bytes_of(from);
        return made;
    }
    for (const auto& entry : fs::directory_iterator(from))
        made->now[entry.path().filename()] = load(entry.path());
    made->durable = made->now;
    return made;
}

std::vector<recorded_disk::step> recorded_disk::read_record(const fs::path& file) {
    std::vector<step> all;
    std::ifstream in(file, std::ios::binary);
    const auto read = [&in](std::size_t size) {
        std::string text(size, '\0');
        in.read(text.data(), static_cast<std::streamsize>(size));
        return text;
    };
    for (call_record head{}; in.read(reinterpret_cast<char*>(&head), sizeof head);) {
        const auto path = fs::path(read(head.path_size)).lexically_normal();
        const auto other = fs::path(read(head.other_size)).lexically_normal();
        all.push_back({head.what, path, other, head.at, read(head.size)});
    }
    return all;
}

recorded_disk::node_pointer recorded_disk::find(const fs::path& path) const {
    auto at = tree_;
    for (const auto& part : path.lexically_relative(root_)) {
        if (part == ".") continue;
        const auto next = at->now.find(part);
        if (next == at->now.end()) return nullptr;
        at = next->second;
    }
    return at;
}

recorded_disk::node_pointer recorded_disk::existing(const fs::path& path) const {
    auto found = find(path);
    if (!found) throw std::runtime_error("the record knows nothing of " + path.string());
    return found;
}

recorded_disk::node_pointer recorded_disk::folder_of(const fs::path& path) const {
    return existing(path.parent_path());
}

void recorded_disk::take(const step& one) {
    const auto name = one.path.filename().string();
    switch (one.what) {
    case call_record::kind::made:
    case call_record::kind::directory: {
        auto made = std::make_shared<node>();
        made->is_folder = one.what == call_record::kind::directory;
        return change_names({{folder_of(one.path), name, made}}, made);
    }
    case call_record::kind::wrote:
        return existing(one.path)->contents.since.push_back({static_cast<std::int64_t>(one.at), one.bytes});
    case call_record::kind::cut:
        return existing(one.path)->contents.since.push_back({static_cast<std::int64_t>(one.at), {}});
    case call_record::kind::synced: return sync(existing(one.path));
    case call_record::kind::renamed: {
        const auto what = existing(one.path);
        return change_names(
            {{folder_of(one.path), name, nullptr}, {folder_of(one.other), one.other.filename(), what}}, what);
    }
    case call_record::kind::linked: {
        const auto what = existing(one.path);
        return change_names({{folder_of(one.other), one.other.filename(), what}}, what);
    }
    case call_record::kind::removed:
        return change_names({{folder_of(one.path), name, nullptr}}, existing(one.path));
    case call_record::kind::noted: notes_ = one.at; return;
    }
    throw std::runtime_error("the record is damaged");
}

void recorded_disk::change_names(std::vector<name_change> changes, node_pointer subject) {
    for (const auto& one : changes)
        if (one.what)
            one.folder->now[one.name] = one.what;
        else
            one.folder->now.erase(one.name);
    pending_.push_back({std::move(changes), std::move(subject)});
}

/// Those that are wanted, and what must come before them.
template <class Wanted>
void recorded_disk::make_durable(Wanted wanted) {
    std::vector<bool> chosen(pending_.size());
    std::set<node_pointer> subjects;
    std::set<std::pair<node_pointer, std::string>> names;
    for (auto i = pending_.size(); i-- > 0;) {
        const auto& one = pending_[i];
        chosen[i] = wanted(one) || subjects.contains(one.subject) ||
                    std::any_of(one.changes.begin(), one.changes.end(), [&](const name_change& change) {
                        return names.contains({change.folder, change.name});
                    });
        if (!chosen[i]) continue;
        subjects.insert(one.subject);
        for (const auto& change : one.changes)
            names.insert({change.folder, change.name});
    }
    std::vector<pending> rest;
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        if (!chosen[i]) {
            rest.push_back(std::move(pending_[i]));
            continue;
        }
        for (const auto& change : pending_[i].changes)
            if (change.what)
                change.folder->durable[change.name] = change.what;
            else
                change.folder->durable.erase(change.name);
    }
    pending_ = std::move(rest);
}

void recorded_disk::sync(const node_pointer& what) {
    if (what->is_folder)
        make_durable([&](const pending& one) { return one.changes.back().folder == what; });
    else
        what->contents.sync();
}

void recorded_disk::cut(std::mt19937& choose, const fs::path& into) {
    const auto names_of_four = choose() % 5;
    const auto bytes_of_four = choose() % 5;
    make_durable([&](const pending&) { return choose() % 4 < names_of_four; });
    std::map<node_pointer, fs::path> written;
    write(tree_, into, choose, static_cast<unsigned>(bytes_of_four), written);
}

void recorded_disk::write(const node_pointer& folder, const fs::path& into, std::mt19937& choose,
                          unsigned kept_of_four, std::map<node_pointer, fs::path>& written) const {
    for (const auto& [name, what] : folder->durable) {
        const auto path = into / name;
        if (what->is_folder) {
            fs::create_directory(path);
            write(what, path, choose, kept_of_four, written);
            continue;
        }
        const auto [first, fresh] = written.try_emplace(what, path);
        if (fresh)
            write_whole(path, what->contents.survivor(choose, kept_of_four));
        else
            fs::create_hard_link(first->second, path);
    }
}

} // namespace waybill::test

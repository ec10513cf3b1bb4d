#include "credentials_file.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command_failure.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::filesystem::path& path, const char* doing) {
    throw command_failure(exit_failed, path.string() + " cannot be " + doing + ": " +
                                           std::generic_category().message(errno));
}

class descriptor {
  public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }

  private:
    int number_;
};

std::string hex(std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

json read_credentials(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(file, "read");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto document = json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains("credentials") || !document["credentials"].is_array())
        throw command_failure(exit_failed,
                              file.string() + ": expected {\"credentials\":[…]}; the file was left as it is");
    return document;
}

void need_file(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        throw command_failure(exit_not_found, "there is no file of credentials " + file.string());
}

bool is_called(const json& entry, const std::string& name) {
    return entry.is_object() && entry.contains("name") && entry["name"] == name;
}

/// Where the file stands, as long as nobody else may change it. A symbolic link stays one: what it points to
/// is replaced.
class credentials_folder {
  public:
    explicit credentials_folder(const std::filesystem::path& named)
        : file_(std::filesystem::weakly_canonical(std::filesystem::absolute(named))),
          folder_(::open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (folder_.number() < 0) refuse(file_.parent_path(), "opened");
        // Two changes at once would lose one of them.
        if (::flock(folder_.number(), LOCK_EX) != 0) refuse(file_.parent_path(), "locked");
    }
    const std::filesystem::path& file() const { return file_; }
    void replace(const std::string& text) const;

  private:
    std::filesystem::path file_;
    descriptor folder_;
};

// Written beside the file, synced and renamed over it, so that a reader sees the old file or the new one.
void credentials_folder::replace(const std::string& text) const {
    auto aside = file_;
    aside += ".new";
    ::unlink(aside.c_str());
    {
        const descriptor out(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (out.number() < 0 || ::fchmod(out.number(), 0600) != 0) refuse(aside, "created");
        for (std::string_view rest = text; !rest.empty();) {
            const auto written = ::write(out.number(), rest.data(), rest.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) refuse(aside, "written");
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(out.number()) != 0) refuse(aside, "synced");
    }
    if (::rename(aside.c_str(), file_.c_str()) != 0) refuse(file_, "replaced");
    if (::fsync(folder_.number()) != 0) refuse(file_.parent_path(), "synced");
}

/// Throws `json::exception` for an entry that is none.
known_credential known_entry(const json& entry) {
    const auto texts = [&](const char* member) { return entry.at(member).get<std::vector<std::string>>(); };
    known_credential known{entry.at("name").get<std::string>(),
                           texts("orgs"),
                           texts("sandboxes"),
                           texts("roles"),
                           {},
                           entry.at("tokenSha256").get<std::string>().substr(0, 8)};
    if (entry.contains("expires") && !entry["expires"].is_null())
        known.expires = entry["expires"].get<std::string>();
    return known;
}

} // namespace

void add_credential(const std::filesystem::path& named, const new_credential& added) {
    const credentials_folder folder(named);
    const auto& file = folder.file();
    auto document =
        std::filesystem::exists(file) ? read_credentials(file) : json{{"credentials", json::array()}};
    auto& all = document["credentials"];
    for (const auto& one : all)
        if (is_called(one, added.name))
            throw command_failure(exit_failed, "there is a credential " + added.name + " in " +
                                                   file.string() + " already; choose another name");
    json entry{{"name", added.name},
               {"tokenSha256", sha256_of(added.token)},
               {"apiKeySha256", sha256_of(added.api_key)},
               {"orgs", added.orgs},
               {"sandboxes", added.sandboxes},
               {"roles", added.roles}};
    if (!added.expires.empty()) entry["expires"] = added.expires;
    all.push_back(std::move(entry));
    folder.replace(document.dump(2) + "\n");
}

std::vector<known_credential> list_credentials(const std::filesystem::path& file) {
    need_file(file);
    const auto document = read_credentials(file);
    std::vector<known_credential> known;
    for (const auto& entry : document["credentials"]) {
        try {
            known.push_back(known_entry(entry));
        } catch (const json::exception&) {
            throw command_failure(exit_failed, file.string() + ": credential " +
                                                   std::to_string(known.size() + 1) +
                                                   " is none that a host would take");
        }
    }
    return known;
}

std::size_t revoke_credential(const std::filesystem::path& named, const std::string& name) {
    const credentials_folder folder(named);
    const auto& file = folder.file();
    need_file(file);
    auto document = read_credentials(file);
    auto kept = json::array();
    for (const auto& one : document["credentials"])
        if (!is_called(one, name)) kept.push_back(one);
    const auto left = kept.size();
    if (left == document["credentials"].size())
        throw command_failure(exit_not_found, "there is no credential " + name + " in " + file.string());
    document["credentials"] = std::move(kept);
    folder.replace(document.dump(2) + "\n");
    return left;
}

std::string random_secret(std::string_view prefix) {
    std::array<unsigned char, 32> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw command_failure(exit_failed, "the system gives no random bytes");
    return std::string(prefix) + hex(bytes);
}

std::string sha256_of(std::string_view text) {
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw command_failure(exit_failed, "OpenSSL cannot compute SHA-256");
    return hex(digest);
}

} // namespace waybill::tool

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
    if (!std::filesystem::exists(file)) return {{"credentials", json::array()}};
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(file, "read");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto document = json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains("credentials") || !document["credentials"].is_array())
        throw command_failure(exit_failed,
                              file.string() + ": expected {\"credentials\":[…]}; the file was left as it is");
    return document;
}

// Written beside the file, synced and renamed over it, so that a reader sees the old file or the new one.
void replace_file(const descriptor& folder, const std::filesystem::path& file, const std::string& text) {
    auto aside = file;
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
    if (::rename(aside.c_str(), file.c_str()) != 0) refuse(file, "replaced");
    if (::fsync(folder.number()) != 0) refuse(file.parent_path(), "synced");
}

} // namespace

void add_credential(const std::filesystem::path& named, const new_credential& added) {
    // A symbolic link stays one: what it points to is replaced.
    const auto file = std::filesystem::weakly_canonical(std::filesystem::absolute(named));
    const auto directory = file.parent_path();
    const descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) refuse(directory, "opened");
    // Two additions at once would lose one of them.
    if (::flock(folder.number(), LOCK_EX) != 0) refuse(directory, "locked");

    auto document = read_credentials(file);
    auto& all = document["credentials"];
    for (const auto& one : all)
        if (one.is_object() && one.contains("name") && one["name"] == added.name)
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
    replace_file(folder, file, document.dump(2) + "\n");
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

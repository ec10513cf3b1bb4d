#include "credentials.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "digest.hpp"
#include "file_text.hpp"

namespace waybill::http {

namespace {

using json = nlohmann::json;

/// A rule of the file that an entry breaks; stays inside `parse`.
struct bad_entry {
    std::string what;
};

std::string text_member(const json& entry, const char* name) {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_string()) throw bad_entry{std::string(name) + " must be a text"};
    return found->get<std::string>();
}

std::string digest_member(const json& entry, const char* name) {
    auto digest = text_member(entry, name);
    const bool hex = std::all_of(digest.begin(), digest.end(),
                                 [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (digest.size() != 64 || !hex) throw bad_entry{std::string(name) + " must be 64 lower-case hex digits"};
    return digest;
}

std::vector<std::string> texts_member(const json& entry, const char* name) {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_array())
        throw bad_entry{std::string(name) + " must be an array of texts"};
    std::vector<std::string> texts;
    for (const auto& element : *found) {
        if (!element.is_string()) throw bad_entry{std::string(name) + " must be an array of texts"};
        texts.push_back(element.get<std::string>());
    }
    return texts;
}

std::optional<role> roles_member(const json& entry) {
    std::optional<role> highest;
    for (const auto& name : texts_member(entry, "roles")) {
        const auto one = name == "read"    ? role::read
                         : name == "write" ? role::write
                         : name == "admin" ? role::admin
                                           : throw bad_entry{"roles may be read, write and admin"};
        highest = highest ? std::max(*highest, one) : one;
    }
    return highest;
}

std::optional<timestamp> expires_member(const json& entry) {
    const auto found = entry.find("expires");
    if (found == entry.end() || found->is_null()) return std::nullopt;
    const auto moment = found->is_string() ? parse_rfc3339(found->get<std::string>()) : std::nullopt;
    if (!moment) throw bad_entry{"expires must be an RFC 3339 time"};
    return moment;
}

credential read_entry(const json& entry) {
    if (!entry.is_object()) throw bad_entry{"each credential must be an object"};
    credential read;
    read.name = text_member(entry, "name");
    read.token_sha256 = digest_member(entry, "tokenSha256");
    read.api_key_sha256 = digest_member(entry, "apiKeySha256");
    read.orgs = texts_member(entry, "orgs");
    read.sandboxes = texts_member(entry, "sandboxes");
    read.highest = roles_member(entry);
    read.expires = expires_member(entry);
    return read;
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

} // namespace

bool credential::has_org(std::string_view org) const { return contains(orgs, org); }
bool credential::has_sandbox(std::string_view sandbox) const { return contains(sandboxes, sandbox); }
bool credential::has_key(std::string_view api_key) const {
    return same_secret(sha256_hex(api_key), api_key_sha256);
}

result<credential_book> credential_book::parse(std::string_view text) {
    const auto document = json::parse(text, nullptr, false);
    if (document.is_discarded()) return failure{errc::invalid, "it is no JSON", {}};
    const auto list = document.is_object() ? document.find("credentials") : document.end();
    if (!document.is_object() || list == document.end() || !list->is_array())
        return failure{errc::invalid, "it has no array \"credentials\"", {}};
    std::vector<credential> entries;
    for (const auto& entry : *list) {
        try {
            entries.push_back(read_entry(entry));
        } catch (const bad_entry& bad) {
            return failure{
                errc::invalid, "credential " + std::to_string(entries.size() + 1) + ": " + bad.what, {}};
        }
    }
    return credential_book(std::move(entries));
}

result<credential_book> credential_book::load(const std::filesystem::path& file) {
    const auto text = text_of_file(file);
    if (!text)
        return failure{errc::not_found,
                       "cannot read the credentials '" + file.string() + "': " + text.error().message,
                       {}};
    auto book = parse(*text);
    if (!book)
        return failure{errc::invalid, "the credentials '" + file.string() + "': " + book.error().message, {}};
    return book;
}

const credential* credential_book::find(std::string_view token, timestamp now) const {
    const auto digest = sha256_hex(token);
    const credential* found = nullptr;
    for (const auto& entry : entries_) {
        const bool live = !entry.expires || now < *entry.expires;
        if (same_secret(digest, entry.token_sha256) && live && found == nullptr) found = &entry;
    }
    return found;
}

} // namespace waybill::http

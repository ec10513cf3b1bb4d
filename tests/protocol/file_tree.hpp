// All files and directories below the datasets' root at one moment, kept in memory: so that the model can go
// back to them, and tell whether anything there has changed.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace waybill::test {

class file_tree {
  public:
    /// As it is on the disk.
    static file_tree of(const std::filesystem::path& root);

    /// Makes the disk this again, where `now` is what stands there.
    void bring_back(const std::filesystem::path& root, const file_tree& now) const;

    /// What matters of it to the protocol, in words: epochs and commit sequences as `ranked` wants them.
    const std::string& text() const { return *text_; }
    bool same_as(const file_tree& other) const { return files_ == other.files_; }

  private:
    /// By path below the root; a directory has no contents.
    using files = std::map<std::string, std::shared_ptr<const std::string>>;

    std::shared_ptr<const files> files_ = std::make_shared<const files>();
    std::shared_ptr<const std::string> text_ = std::make_shared<const std::string>();
};

} // namespace waybill::test

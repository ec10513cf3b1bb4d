#include <catch2/catch.hpp>

#include <cerrno>

#include <waybill/error_codes.hpp>

#include "dataset/publish_error.hpp"
#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using disk::durable_file;

TEST_CASE("a replaced file has the new contents and leaves nothing aside") {
    const temp_directory dir;
    disk::write_new_file(dir / "file", "old, and longer than the new");
    overwrite(dir / "aside", "left over from a crash, and longer than the new");
    disk::replace_file(dir / "file", dir / "aside", "new");
    CHECK(disk::read_file(dir / "file") == "new");
    CHECK_FALSE(disk::is_there(dir / "aside"));
}

TEST_CASE("a new file is never written over another") {
    const temp_directory dir;
    disk::write_new_file(dir / "file", "first");
    CHECK_THROWS_WITH(disk::write_new_file(dir / "file", "second"),
                      Catch::Contains((dir / "file").string()) && Catch::Contains("File exists"));
    CHECK(disk::read_file(dir / "file") == "first");
}

TEST_CASE("a file that is not there reads as nothing, and one that cannot be read is an error") {
    const temp_directory dir;
    CHECK(disk::read_file(dir / "none") == std::nullopt);
    CHECK_THROWS_AS(disk::read_file(dir.path()), store_failure);
}

TEST_CASE("a rename never replaces what is there, not even an empty directory") {
    const temp_directory dir;
    disk::make_directories(dir.path() / "from" / "inside");
    disk::make_directory(dir / "to");
    CHECK_FALSE(disk::rename_no_replace(dir / "from", dir / "to"));
    CHECK(disk::is_there(dir.path() / "from" / "inside"));
    CHECK(disk::rename_no_replace(dir / "from", dir / "elsewhere"));
    CHECK_THROWS_AS(disk::rename_no_replace(dir / "from", dir / "again"), store_failure);
}

TEST_CASE("a directory is made by one only, and those above it as needed") {
    const temp_directory dir;
    disk::make_directories(dir.path() / "a" / "b");
    disk::make_directories(dir.path() / "a" / "b");
    CHECK(disk::make_directory(dir.path() / "a" / "c"));
    CHECK_FALSE(disk::make_directory(dir.path() / "a" / "c"));
    overwrite(dir / "file", "");
    CHECK_THROWS_WITH(disk::make_directories(dir.path() / "file" / "below"),
                      Catch::Contains("Not a directory"));
}

TEST_CASE("a full disk is told as such, with the path and the system's words") {
    durable_file full("/dev/full", durable_file::opening::append);
    try {
        full.write("x");
        FAIL("a full disk took a byte");
    } catch (const store_failure& trouble) {
        CHECK(trouble.why() == store_failure::kind::no_space);
        CHECK(trouble.what() == std::string("cannot write /dev/full: No space left on device"));
        const auto error = dataset::disk_error(trouble, "/data/x");
        CHECK(error.code == errors::no_space.code);
        CHECK(error.msg == "No space left at '/data/x'");
    }
    try {
        disk::throw_system_error(EDQUOT, "write", "/x");
    } catch (const store_failure& trouble) {
        CHECK(trouble.why() == store_failure::kind::no_space);
    }
    try {
        disk::throw_system_error(EIO, "sync", "/x");
    } catch (const store_failure& trouble) {
        CHECK(trouble.why() == store_failure::kind::io);
        CHECK(dataset::disk_error(trouble, "/x").code == errors::output_failed.code);
    }
}

TEST_CASE("removing what is not there is no error, and links are removed, not followed") {
    const temp_directory dir;
    disk::remove_tree(dir / "none");
    disk::write_new_file(dir / "kept", "x");
    disk::make_directory(dir / "gone");
    std::filesystem::create_symlink(dir / "kept", dir.path() / "gone" / "link");
    std::filesystem::create_directory_symlink(dir.path(), dir.path() / "gone" / "up");
    disk::remove_tree(dir / "gone");
    CHECK_FALSE(disk::is_there(dir / "gone"));
    CHECK(disk::read_file(dir / "kept") == "x");
}

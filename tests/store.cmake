waybill_tests(store LINK waybill::store SQLite::SQLite3
    SOURCES
        disk/durable_file.tests.cpp
        sql/connection.tests.cpp
        sql/migrator.tests.cpp
        sql/migrator_kills.tests.cpp
        sql/owner_lock.tests.cpp
        store/backup.tests.cpp
        store/cancel.tests.cpp
        store/checkup.tests.cpp
        store/create_and_find.tests.cpp
        store/idempotency.tests.cpp
        store/listing.tests.cpp
        store/listing_property.tests.cpp
        store/owner_verbs.tests.cpp
        store/ownership.tests.cpp
        store/plans.tests.cpp
        store/power_cut.tests.cpp
        store/restore.tests.cpp
        store/restore_crashes.tests.cpp
        store/schema.tests.cpp
        store/statistics.tests.cpp
        store/store_migration.tests.cpp
        store/upkeep.tests.cpp
        support/power_cut_disk.cpp
        support/power_cut_vfs.cpp)
target_compile_definitions(store_tests PRIVATE WAYBILL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

waybill_tests(store LINK waybill::store
    SOURCES
        sql/connection.tests.cpp
        sql/owner_lock.tests.cpp
        store/cancel.tests.cpp
        store/create_and_find.tests.cpp
        store/idempotency.tests.cpp
        store/listing.tests.cpp
        store/listing_property.tests.cpp
        store/owner_verbs.tests.cpp
        store/ownership.tests.cpp
        store/plans.tests.cpp
        store/schema.tests.cpp
        store/upkeep.tests.cpp)
target_compile_definitions(store_tests PRIVATE WAYBILL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

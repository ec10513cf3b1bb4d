# A program of its own, whose operator new fails when it is told to.
waybill_tests(memory LINK waybill::store SQLite::SQLite3
    SOURCES
        memory/failing_allocations.cpp
        memory/out_of_memory.tests.cpp
        memory/store_script.cpp)

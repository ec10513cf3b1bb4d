waybill_tests(model LINK waybill::engine SQLite::SQLite3
    SOURCES
        protocol/explorer.cpp
        protocol/file_tree.cpp
        protocol/inner_state.cpp
        protocol/protocol.tests.cpp
        protocol/ranks.cpp
        protocol/told_engine.cpp
        protocol/told_publisher.cpp
        protocol/world.cpp
        protocol/world_text.cpp
        simulation/ledger.cpp
        simulation/published_view.cpp
        simulation/taken_memberships.cpp)
# It does much itself.
target_compile_options(model_tests PRIVATE $<$<CONFIG:Debug>:-O1>)
set_target_properties(model_tests PROPERTIES UNITY_BUILD OFF) # its files share names

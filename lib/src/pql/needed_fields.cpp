#include "pql/needed_fields.hpp"

#include <algorithm>
#include <string_view>

namespace waybill::pql {
namespace {

/// A document's objects do not stand deeper.
constexpr std::uint32_t deepest = 32;
/// Of more places at once all is taken, so that no expression has very many.
constexpr std::size_t most_places = 16;

struct place {
    std::string_view name{};
    std::vector<std::uint32_t> below{};
    std::uint32_t depth = 0;
    bool whole = false;     ///< all that is below
    bool looked_at = false; ///< whether it is there, or how many there are
};

constexpr std::uint32_t profile_root = 0;
constexpr std::uint32_t event_root = 1;

/// Where in the documents a value may come from.
struct origins {
    std::vector<std::uint32_t> places{};
    bool made =
        false; ///< an array that was made of items: how many there are does not depend on their fields
};

/// Follows the values of an expression through it, once.
class tracer {
  public:
    explicit tracer(const tree& of) : tree_(of), places_(2), contexts_(of.levels), variables_(of.variables) {
        contexts_[0].places = {profile_root};
    }

    void run() { decide(tree_.root); }

    field_set fields(std::uint32_t root) const {
        field_set found;
        found.whole = places_[root].whole;
        std::vector<std::string> path;
        if (!found.whole) collect(root, path, found);
        return found;
    }

  private:
    origins value(std::uint32_t which);
    origins value_of_children(const node& one);
    origins piped(const node& one);
    origins step(const node& one, origins from);
    origins got(const node& one, const origins& from);

    /// A condition: nothing but whether it holds is needed.
    void decide(std::uint32_t which) { look_at(value(which)); }

    void take(const origins& from) {
        for (const auto at : from.places)
            places_[at].whole = true;
    }

    void take_children(const node& one) {
        for (std::uint32_t i = 0; i < one.count; ++i)
            take(value(tree_.child(one, i)));
    }

    /// The items of an array.
    void pass_through(const origins& from) {
        for (const auto at : from.places)
            places_[at].looked_at = true;
    }

    /// Whether there is something.
    void look_at(const origins& from) {
        for (const auto at : from.places)
            (from.made || at <= event_root ? places_[at].looked_at : places_[at].whole) = true;
    }

    /// What a condition or argument says of each item.
    origins of_items(const node& one, const origins& from) {
        pass_through(from);
        contexts_[one.level] = {from.places};
        return value(tree_.child(one, 0));
    }

    origins members(const origins& from, std::string_view name) {
        origins found;
        for (const auto at : from.places)
            merge(found, origins{{child_of(at, name)}});
        return found;
    }

    std::uint32_t child_of(std::uint32_t at, std::string_view name) {
        for (const auto known : places_[at].below)
            if (places_[known].name == name) return known;
        if (places_[at].whole) return at;
        if (places_[at].depth == deepest) {
            places_[at].whole = true;
            return at;
        }
        const auto made = static_cast<std::uint32_t>(places_.size());
        places_.push_back({.name = name, .depth = places_[at].depth + 1});
        places_[at].below.push_back(made);
        return made;
    }

    void merge(origins& into, const origins& more) {
        for (const auto at : more.places) {
            if (std::find(into.places.begin(), into.places.end(), at) != into.places.end()) continue;
            if (into.places.size() < most_places)
                into.places.push_back(at);
            else
                places_[at].whole = true;
        }
    }

    bool collect(std::uint32_t at, std::vector<std::string>& path, field_set& into) const;

    const tree& tree_;
    std::vector<place> places_;
    std::vector<origins> contexts_;
    std::vector<origins> variables_;
};

/// Answers whether anything is needed at this place or below. Every event has an id and a timestamp.
bool tracer::collect(std::uint32_t at, std::vector<std::string>& path, field_set& into) const {
    const auto& here = places_[at];
    bool any = false;
    if (!here.whole)
        for (const auto below : here.below) {
            const auto name = places_[below].name;
            if (at == event_root && (name == "_id" || name == "timestamp")) continue;
            path.emplace_back(name);
            any = collect(below, path, into) || any;
            path.pop_back();
        }
    if (any || at <= event_root) return any;
    if (here.whole || here.looked_at) into.paths.push_back(path);
    return here.whole || here.looked_at;
}

origins tracer::value(std::uint32_t which) {
    const auto& one = tree_.nodes[which];
    switch (one.what) {
    case op::profile: return {{profile_root}};
    case op::events: return {{event_root}};
    case op::item: return contexts_[one.level];
    case op::variable: return variables_[one.level];
    case op::pipeline: return piped(one);
    case op::list: return value_of_children(one);
    case op::all_of:
    case op::any_of:
    case op::negation:
        for (std::uint32_t i = 0; i < one.count; ++i)
            decide(tree_.child(one, i));
        return {};
    case op::choice: {
        decide(tree_.child(one, 0));
        auto found = value(tree_.child(one, 1));
        const auto other = value(tree_.child(one, 2));
        merge(found, other);
        found.made = found.made && other.made;
        return found;
    }
    case op::exists:
    case op::for_all:
    case op::select: {
        origins items;
        for (std::uint32_t i = 0; i < one.count; ++i)
            items = value(tree_.child(one, i));
        return one.what == op::select && one.count == 1 ? items : origins{};
    }
    case op::binding: {
        auto items = value(tree_.child(one, 0));
        pass_through(items);
        variables_[one.level] = {items.places};
        if (one.count == 2) decide(tree_.child(one, 1));
        items.made = true;
        return items;
    }
    case op::chain:
        for (std::uint32_t i = 0; i < one.count; ++i)
            value(tree_.child(one, i));
        return {};
    case op::chain_step:
        contexts_[one.level] = {{event_root}};
        decide(tree_.child(one, 0));
        for (std::uint32_t i = 1; i < one.count; ++i)
            take(value(tree_.child(one, i)));
        return {};
    default: take_children(one); return {};
    }
}

origins tracer::value_of_children(const node& one) {
    origins found;
    for (std::uint32_t i = 0; i < one.count; ++i)
        merge(found, value(tree_.child(one, i)));
    return found;
}

origins tracer::piped(const node& one) {
    auto found = value(tree_.child(one, 0));
    for (std::uint32_t i = 1; i < one.count; ++i)
        found = step(tree_.nodes[tree_.child(one, i)], std::move(found));
    return found;
}

origins tracer::step(const node& one, origins from) {
    switch (one.what) {
    case op::member: return members(from, tree_.texts[one.text]);
    case op::get: return got(one, from);
    case op::filter:
    case op::exists_item:
        look_at(of_items(one, from));
        from.made = true;
        return one.what == op::filter ? from : origins{};
    case op::top:
    case op::bottom: take(of_items(one, from)); return from;
    case op::sum:
    case op::average:
    case op::least:
    case op::greatest: take(one.count == 0 ? from : of_items(one, from)); return {};
    case op::count:
    case op::is_null:
    case op::is_not_null: look_at(from); return {};
    case op::head: from.made = false; return from;
    case op::distinct:
    case op::intersection:
    case op::values:
        take(from);
        take_children(one);
        return from;
    default:
        take(from);
        take_children(one);
        return {};
    }
}

/// A key that is written out is a field like any other.
origins tracer::got(const node& one, const origins& from) {
    const auto& key = tree_.nodes[tree_.child(one, 0)];
    if (key.what == op::text) return members(from, tree_.texts[key.text]);
    take(from);
    take_children(one);
    return from;
}

} // namespace

void note_needed_fields(tree& of) {
    tracer found(of);
    found.run();
    of.profile_fields = found.fields(profile_root);
    of.event_fields = found.fields(event_root);
}

} // namespace waybill::pql

using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace QTrade.Hocon.Resolution;

/// <summary>
/// Turns what was written into values. A field holds all values assigned to it; from the last one back, objects merge and anything else
/// hides what is below it, so a hidden substitution is never looked at. Only the head of a value is worked out before its fields are
/// needed: an object may refer into itself. A substitution that comes back to a value in progress sees the values below that one.
/// </summary>
internal sealed class Resolver(Node root, Func<string, string?> environment)
{
    private const int CharactersPerStep = 16;

    private int _steps;
    private int _chain;
    private int _depth;

    public HoconValue Resolve() => Materialize(HeadOf(root, [], 0) ?? throw new HoconException(root.Origin, "the document is empty"));

    private HoconValue Materialize(Head head) => head switch
    {
        ScalarHead scalar => new HoconScalar(scalar.Text, scalar.Kind, scalar.Origin),
        ArrayHead array => MaterializeArray(array),
        ObjectHead fields => MaterializeObject(fields),
        _ => throw new InvalidOperationException($"no value is made of {head.GetType().Name}"),
    };

    private HoconArray MaterializeArray(ArrayHead array)
    {
        Descend(array.Origin);
        var items = ImmutableArray.CreateBuilder<HoconValue>(array.Items.Length);
        foreach ((Node item, ArrayNode owner) in array.Items)
        {
            bool outer = owner.InProgress;
            owner.InProgress = true;
            if (HeadOf(item, [], 0) is { } head)
                items.Add(Materialize(head));
            owner.InProgress = outer;
        }

        _depth--;
        return new HoconArray(items.ToImmutable(), array.Origin);
    }

    private HoconObject MaterializeObject(ObjectHead head)
    {
        Descend(head.Origin);
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, HoconValue>>();
        foreach (string name in NamesOf(head))
            if (HeadOfField(ValuesOf(head, name)) is { } value)
                fields.Add(new(name, Materialize(value)));
        _depth--;
        return new HoconObject(fields.ToImmutable(), head.Origin);
    }

    /// <summary>The head of a field from all values assigned to it, lowest first.</summary>
    private Head? HeadOfField(List<Node> values)
    {
        int count = values.FindIndex(value => value.InProgress);
        return HeadBelow(values, count < 0 ? values.Count : count);
    }

    private Head? HeadBelow(List<Node> values, int count)
    {
        ObjectHead? merged = null;
        for (int i = count - 1; i >= 0; i--)
        {
            Count(values[i].Origin, 1);
            switch (HeadOf(values[i], values, i))
            {
                case null:
                    continue;
                case ObjectHead below:
                    merged = merged is null ? below : new ObjectHead([.. below.Merged, .. merged.Merged], merged.Origin);
                    Count(values[i].Origin, merged.Merged.Length);
                    continue;
                case var other:
                    return merged ?? other;
            }
        }

        return merged;
    }

    /// <param name="node">What was written.</param>
    /// <param name="field">The values of the field it belongs to.</param>
    /// <param name="index">Its place among them.</param>
    private Head? HeadOf(Node node, List<Node> field, int index)
    {
        switch (node)
        {
            case ScalarNode scalar:
                return new ScalarHead(scalar.Text, KindOf(scalar), scalar.Origin);
            case ArrayNode array:
                Count(array.Origin, array.Items.Length);
                return new ArrayHead([.. array.Items.Select(item => (item, array))], array.Origin);
            case ObjectNode fields:
                return new ObjectHead([fields], fields.Origin);
        }

        bool outer = node.InProgress;
        node.InProgress = true;
        _chain++;
        if (_chain > HoconLimits.MaxSubstitutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new HoconException(node.Origin, $"more than {HoconLimits.MaxSubstitutionDepth} substitutions lead to each other in one chain");
        Head? head = node switch
        {
            SubstitutionNode substitution => Substitute(substitution),
            ConcatenationNode concatenation => Concatenate(concatenation, field, index),
            PreviousNode => HeadBelow(field, index),
            FieldNode item => HeadOfField(item.Values),
            _ => throw new InvalidOperationException($"no value is written as {node.GetType().Name}"),
        };
        _chain--;
        node.InProgress = outer;
        return head;
    }

    /// <summary>What is copied counts as written where the substitution stands; the fields of an object stay where they are.</summary>
    private Head? Substitute(SubstitutionNode substitution) =>
        Find(substitution) is { } head ? head with { Origin = substitution.Origin } : null;

    private Head? Find(SubstitutionNode substitution)
    {
        foreach (ImmutableArray<string> prefix in substitution.Prefixes)
            if (LookUp([.. prefix, .. substitution.Path], substitution.Origin) is { } below)
                return below;
        if (LookUp(substitution.Path, substitution.Origin) is { } found)
            return found;
        string name = string.Join('.', substitution.Path);
        if (!name.Contains('\0') && environment(name) is { } variable)
            return new ScalarHead(variable, HoconScalarKind.Text, substitution.Origin);
        return substitution.Optional
            ? null
            : throw new HoconException(
                substitution.Origin,
                $"${{{name}}} stands for nothing: no earlier or other value is at that path, and no environment variable has that name");
    }

    private Head? LookUp(ImmutableArray<string> path, HoconOrigin at)
    {
        Head? head = HeadOf(root, [], 0);
        foreach (string name in path)
        {
            if (head is not ObjectHead parent)
                return null;
            Count(at, parent.Merged.Length);
            head = HeadOfField(ValuesOf(parent, name));
        }

        return head;
    }

    private Head? Concatenate(ConcatenationNode concatenation, List<Node> field, int index)
    {
        List<(Node Part, Head Head)> parts = [];
        foreach (Node part in concatenation.Parts)
            if (HeadOf(part, field, index) is { } head)
                parts.Add((part, head));
        List<Head> solid = [.. parts.Where(part => part.Part is not ScalarNode { Blank: true }).Select(part => part.Head)];
        if (solid.Count == 0)
            return null;
        if (solid.Exists(head => head is ArrayHead))
            return JoinArrays(solid, concatenation.Origin);
        if (solid.Exists(head => head is ObjectHead))
            return JoinObjects(solid, concatenation.Origin);
        // Counted before they are joined: the text may be longer than any there can be.
        foreach ((_, Head head) in parts)
            Count(concatenation.Origin, ((ScalarHead)head).Text.Length / CharactersPerStep);
        string text = string.Concat(parts.Select(part => ((ScalarHead)part.Head).Text));
        return new ScalarHead(text, HoconScalarKind.Text, concatenation.Origin);
    }

    private ArrayHead JoinArrays(List<Head> parts, HoconOrigin origin)
    {
        var items = ImmutableArray.CreateBuilder<(Node, ArrayNode)>();
        foreach (Head part in parts)
        {
            ImmutableArray<(Node, ArrayNode)> joined = part switch
            {
                ArrayHead array => array.Items,
                ObjectHead fields when IndexedItems(fields) is { IsEmpty: false } indexed => indexed,
                _ => throw Mixed(part),
            };
            Count(origin, joined.Length);
            items.AddRange(joined);
        }

        return new ArrayHead(items.ToImmutable(), origin);
    }

    /// <summary>An object beside a list counts as the list of its values under whole numbers.</summary>
    private ImmutableArray<(Node, ArrayNode)> IndexedItems(ObjectHead fields)
    {
        var items = ImmutableArray.CreateBuilder<(Node, ArrayNode)>();
        foreach (string name in NamesOf(fields).Where(HoconObject.IsIndex).OrderBy(HoconObject.Index))
        {
            var value = new FieldNode(ValuesOf(fields, name), fields.Origin);
            items.Add((value, new ArrayNode([value], fields.Origin)));
        }

        return items.ToImmutable();
    }

    private ObjectHead JoinObjects(List<Head> parts, HoconOrigin origin)
    {
        var merged = ImmutableArray.CreateBuilder<ObjectNode>();
        foreach (Head part in parts)
            merged.AddRange(part is ObjectHead fields ? fields.Merged : throw Mixed(part));
        Count(origin, merged.Count);
        return new ObjectHead(merged.ToImmutable(), origin);
    }

    private static HoconException Mixed(Head part)
    {
        string what = part switch { ArrayHead => "a list", ObjectHead => "an object", _ => "a text" };
        return new HoconException(part.Origin, $"{what} is joined to a value of another kind: objects join objects, lists join lists, texts join texts");
    }

    private List<string> NamesOf(ObjectHead head)
    {
        if (head.Merged is [var only])
            return only.Names;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<string> names = [];
        foreach (ObjectNode part in head.Merged)
        {
            Count(head.Origin, part.Names.Count);
            names.AddRange(part.Names.Where(seen.Add));
        }

        return names;
    }

    private List<Node> ValuesOf(ObjectHead head, string name)
    {
        List<Node> values = [];
        foreach (ObjectNode part in head.Merged)
            if (part.ValuesOf(name) is { } assigned)
                values.AddRange(assigned);
        Count(head.Origin, Math.Max(0, values.Count - 1));
        return values;
    }

    private static HoconScalarKind KindOf(ScalarNode scalar) => scalar switch
    {
        { Quoted: true } => HoconScalarKind.Text,
        { Text: "true" or "false" } => HoconScalarKind.Boolean,
        { Text: "null" } => HoconScalarKind.Null,
        _ => JsonNumber.Is(scalar.Text) ? HoconScalarKind.Number : HoconScalarKind.Text,
    };

    private void Descend(HoconOrigin at)
    {
        if (++_depth > HoconLimits.MaxDepth)
            throw new HoconException(at, $"values are nested deeper than {HoconLimits.MaxDepth}: does a substitution put an object into itself?");
    }

    private void Count(HoconOrigin at, int steps)
    {
        _steps += steps;
        if (_steps > HoconLimits.MaxSubstitutionSteps)
            throw new HoconException(at, $"the substitutions take more than {HoconLimits.MaxSubstitutionSteps} steps");
    }
}

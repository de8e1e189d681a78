using System.Collections.Immutable;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>Fields that several messages share.</summary>
internal static class Fields
{
    public static void Write(ProtoWriter writer, int field, SnapshotId id)
    {
        var mark = writer.Begin(field);
        writer.Int(1, id.Epoch);
        writer.Int(2, id.Number);
        writer.End(mark);
    }

    public static SnapshotId ReadSnapshotId(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        long epoch = 0, number = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: epoch = reader.Int(); break;
                case 2: number = reader.Int(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new SnapshotId(epoch, number);
    }

    /// <summary>Nothing where there is no operator.</summary>
    public static void Write(ProtoWriter writer, int field, Operator? by)
    {
        if (by is null)
            return;
        var mark = writer.Begin(field);
        writer.Text(1, by.Name);
        writer.Text(2, by.Origin);
        writer.End(mark);
    }

    public static Operator ReadOperator(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        string name = "", origin = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: origin = reader.Text(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new Operator(name, origin);
    }

    /// <summary>A number that must be one of the enumeration's.</summary>
    public static TEnum ReadEnum<TEnum>(ref ProtoReader reader)
        where TEnum : struct, Enum
    {
        var value = (TEnum)Enum.ToObject(typeof(TEnum), reader.Int32());
        if (!Enum.IsDefined(value))
            reader.Fail();
        return value;
    }

    /// <summary>A reason; one of a newer program is kept as its number.</summary>
    public static ReasonCode ReadReason(ref ProtoReader reader) => (ReasonCode)reader.Int32();

    public static void Write<T>(ProtoWriter writer, int field, ImmutableArray<T> items, WriteFields<T> write)
    {
        foreach (var item in items)
        {
            var mark = writer.Begin(field);
            write(item, writer);
            writer.End(mark);
        }
    }
}

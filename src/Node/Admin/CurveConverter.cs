using System.Text.Json;
using System.Text.Json.Serialization;
using QTrade.Markets;
using QTrade.Markets.Kinds;

namespace QTrade.Node.Admin;

/// <summary>A curve as market files write it. Written only.</summary>
internal sealed class CurveConverter : JsonConverter<PoolCurve>
{
    public override PoolCurve Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("curves are written only");

    public override void Write(Utf8JsonWriter writer, PoolCurve value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", value.Kind);
        if (PoolKinds.TryGet(value.Kind, out var kind))
            kind.Write(value, writer);
        writer.WriteEndObject();
    }
}

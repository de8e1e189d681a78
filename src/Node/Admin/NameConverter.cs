using System.Text.Json;
using System.Text.Json.Serialization;

namespace QTrade.Node.Admin;

/// <summary>A name as its text. Written only.</summary>
internal sealed class NameConverter<T> : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("names are written only");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QTrade.Node.Verbs;

/// <summary>JSON on a text output.</summary>
internal static class JsonText
{
    /// <summary>Text is written as it is, quotes apart: the output is no web page.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one value on one line.</summary>
    public static void WriteLine(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
            write(json);
        output.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}

namespace QTrade.Hocon.Tests;

/// <summary>Short ways to read a document and look into it.</summary>
internal static class Read
{
    public static HoconObject Object(string text) => Assert.IsType<HoconObject>(HoconReader.ReadText(text, "t.conf", environment: _ => null));

    /// <summary>The value at a dotted path, shown as text: <c>{a: 1}</c>, <c>[1, 2]</c>, or the scalar as it stands.</summary>
    public static string Value(string text, string path)
    {
        Assert.True(Object(text).TryGet(out HoconValue? value, path.Split('.')), $"nothing at {path}");
        return value.ToString()!;
    }

    public static bool Has(string text, string path) => Object(text).TryGet(out _, path.Split('.'));

    public static HoconException Error(string text) =>
        Assert.Throws<HoconException>(() => HoconReader.ReadText(text, "t.conf", environment: _ => null));
}

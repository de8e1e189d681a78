namespace QTrade.Markets.Files;

/// <summary>One member of a JSON object, by where its value lies in the file.</summary>
internal sealed class JsonMember(string name, int start, int length)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Offset of its value.</summary>
    public int Start { get; } = start;

    /// <summary>Bytes of its value.</summary>
    public int Length { get; } = length;

    /// <summary>Whether another member before it has its name.</summary>
    public bool Repeated { get; set; }

    /// <summary>Whether a reader asked for it; one that nobody asks for is unknown to the format.</summary>
    public bool Asked { get; set; }
}

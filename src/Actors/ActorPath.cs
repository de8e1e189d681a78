namespace QTrade.Actors;

/// <summary>Where an actor lives: the names from the system's root down, as in <c>/pools/orca-1</c>.</summary>
/// <param name="Value">The whole path, beginning with a slash.</param>
public readonly record struct ActorPath(string Value)
{
    /// <summary>The root, which stands for everything outside the system.</summary>
    public static ActorPath Root { get; } = new("/");

    /// <summary>The last name of the path.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The path of a child.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds a slash.</exception>
    public ActorPath Child(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('/'))
            throw new ArgumentException($"an actor's name is not empty and holds no slash: '{name}'", nameof(name));
        return new ActorPath(Value == "/" ? "/" + name : Value + "/" + name);
    }

    public override string ToString() => Value;
}

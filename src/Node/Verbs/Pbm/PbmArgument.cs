namespace QTrade.Node.Verbs.Pbm;

/// <summary>An argument of a command.</summary>
/// <param name="Name">Its name in the request.</param>
/// <param name="Shown">What help calls its value.</param>
/// <param name="Description">What it is.</param>
/// <param name="Required">Whether the command needs it.</param>
/// <param name="IsFile">Whether the content of the file that it names is sent.</param>
internal sealed record PbmArgument(string Name, string Shown, string Description, bool Required = false, bool IsFile = false);

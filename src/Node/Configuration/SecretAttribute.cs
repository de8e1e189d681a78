namespace QTrade.Node.Configuration;

/// <summary>A setting that may hold a secret: it is shown nowhere, and on the command line, which others can read, only without one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;

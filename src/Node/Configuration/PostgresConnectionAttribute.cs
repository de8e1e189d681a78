using System.ComponentModel.DataAnnotations;
using QTrade.Node.Journal.Postgres;

namespace QTrade.Node.Configuration;

/// <summary>A connection string of PostgreSQL that holds no password. Its text is never quoted as it stands: it may hold one by mistake.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PostgresConnectionAttribute : ValidationAttribute
{
    /// <summary>The text with what may be a password hidden.</summary>
    public static string Shown(string text) => PostgresConnectionText.Shown(text);

    public override bool IsValid(object? value) => Problem(value) is null;

    public override string FormatErrorMessage(string name) => "is no connection string without a password";

    internal static string? Problem(object? value) => value is string { Length: > 0 } text ? PostgresConnectionText.Problem(text) : null;
}

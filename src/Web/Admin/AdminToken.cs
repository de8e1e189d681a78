using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace QTrade.Web.Admin;

/// <summary>A secret that callers of an admin port show. It is compared in constant time and never written anywhere.</summary>
public sealed class AdminToken
{
    /// <summary>Fewest characters: shorter ones can be guessed.</summary>
    public const int LengthMin = 16;

    /// <summary>Most characters.</summary>
    public const int LengthMax = 1_024;

    private readonly string _secret;
    private readonly byte[] _digest;

    private AdminToken(string secret)
    {
        _secret = secret;
        _digest = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
    }

    /// <summary>Reads a token from a file where one is named, else from the variable.</summary>
    /// <param name="file">The file; null or empty for none.</param>
    /// <param name="variable">What the environment variable holds; null or empty for none.</param>
    /// <param name="token">The token; null where there is none.</param>
    /// <param name="error">One line that says what is wrong with it, without the token.</param>
    public static bool TryRead(string? file, string? variable, out AdminToken? token, [NotNullWhen(false)] out string? error)
    {
        token = null;
        error = null;
        string from = string.IsNullOrEmpty(file) ? $"environment variable {AdminProtocol.TokenVariable}" : file;
        string? secret = variable;
        try
        {
            if (!string.IsNullOrEmpty(file))
                secret = ReadStart(file).Trim();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            error = $"{file}: the admin token cannot be read: {broken.Message.ReplaceLineEndings(" ")}";
            return false;
        }

        if (string.IsNullOrEmpty(secret) && string.IsNullOrEmpty(file))
            return true;
        if (secret!.Length is < LengthMin or > LengthMax || secret.Any(c => c is < '!' or > '~'))
        {
            error = $"{from}: an admin token is {LengthMin} to {LengthMax} printable ASCII characters without spaces";
            return false;
        }

        token = new AdminToken(secret);
        return true;
    }

    /// <summary>Whether a header <c>Authorization: Bearer ...</c> shows this token.</summary>
    internal bool IsShownBy(string? header) =>
        CryptographicOperations.FixedTimeEquals(
            _digest, SHA256.HashData(Encoding.UTF8.GetBytes(header?.StartsWith(Scheme, StringComparison.Ordinal) == true ? header[Scheme.Length..] : string.Empty)));

    /// <summary>The header's value.</summary>
    internal string Header => Scheme + _secret;

    private const string Scheme = "Bearer ";

    /// <summary>No more than shows that the file is too long for a token.</summary>
    private static string ReadStart(string file)
    {
        using var reader = new StreamReader(file);
        var buffer = new char[LengthMax * 2];
        return new string(buffer, 0, reader.ReadBlock(buffer));
    }
}

using Npgsql;
using NpgsqlTypes;

namespace QTrade.Node.Journal.Postgres;

/// <summary>Parameters by their place.</summary>
internal static class PostgresParameters
{
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    private static NpgsqlParameter<T> Of<T>(T value)
    {
        var parameter = new NpgsqlParameter<T> { TypedValue = value };
        if (TypeOf(typeof(T)) is { } type) parameter.NpgsqlDbType = type;
        return parameter;
    }

    /// <summary>The server guesses types of parameters that stand alone; an array of names must not become one of unknowns.</summary>
    private static NpgsqlDbType? TypeOf(Type type) =>
        type == typeof(List<long>) || type == typeof(long[]) ? NpgsqlDbType.Array | NpgsqlDbType.Bigint
        : type == typeof(List<int>) || type == typeof(int[]) ? NpgsqlDbType.Array | NpgsqlDbType.Integer
        : type == typeof(List<string>) ? NpgsqlDbType.Array | NpgsqlDbType.Text
        : type == typeof(List<byte[]>) ? NpgsqlDbType.Array | NpgsqlDbType.Bytea
        : null;
}

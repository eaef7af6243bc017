using Npgsql;
using NpgsqlTypes;

namespace SmsAi.Bench.Growth;

/// <summary>The row that a COPY is writing, column by column.</summary>
internal sealed class CopyRow(NpgsqlBinaryImporter copy)
{
    public CopyRow Next()
    {
        copy.StartRow();
        return this;
    }

    public CopyRow Add(long value) => Write(value, NpgsqlDbType.Bigint);

    public CopyRow Add(int value) => Write(value, NpgsqlDbType.Integer);

    public CopyRow Add(short value) => Write(value, NpgsqlDbType.Smallint);

    public CopyRow Add(bool value) => Write(value, NpgsqlDbType.Boolean);

    public CopyRow Add(string value) => Write(value, NpgsqlDbType.Text);

    public CopyRow Add(byte[] value) => Write(value, NpgsqlDbType.Bytea);

    public CopyRow Add(Guid value) => Write(value, NpgsqlDbType.Uuid);

    public CopyRow Add(DateTime value) => Write(value, NpgsqlDbType.TimestampTz);

    public CopyRow Add(DateOnly value) => Write(value, NpgsqlDbType.Date);

    public CopyRow AddJson(string value) => Write(value, NpgsqlDbType.Jsonb);

    /// <summary>On the wire an enum is its word.</summary>
    public CopyRow AddEnum(string value) => Write(value, NpgsqlDbType.Text);

    // Advised against because it lacks the server's rules of quoting and language; ours are base64 and positions, and COPY has no cast.
#pragma warning disable CS0618
    public CopyRow AddTerms(string terms) => Write(NpgsqlTsVector.Parse(terms), NpgsqlDbType.TsVector);
#pragma warning restore CS0618

    public CopyRow AddNull()
    {
        copy.WriteNull();
        return this;
    }

    private CopyRow Write<T>(T value, NpgsqlDbType type)
    {
        copy.Write(value, type);
        return this;
    }
}

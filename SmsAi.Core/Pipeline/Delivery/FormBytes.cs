using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>A form as it is posted (application/x-www-form-urlencoded), made in one borrowed buffer; <see cref="ToArray"/> gives that back.</summary>
internal ref struct FormBytes
{
    // The other fields of a text to send: names, numbers, the callback's address.
    private const int Others = 1024;

    private char[] _buffer;
    private int _length;

    /// <param name="longest">The longest value to come; others may still be as long as they are.</param>
    public FormBytes(string longest) => _buffer = ArrayPool<char>.Shared.Rent(Others + longest.Length * 3);

    /// <summary>Adds a field.</summary>
    public void Add(string name, string? value)
    {
        Begin(name);
        Escape(value);
    }

    /// <summary>Adds a field whose value ends with a number.</summary>
    public void Add(string name, string value, long number)
    {
        Begin(name);
        Escape(value);
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        Append(digits[..count]);
    }

    public byte[] ToArray()
    {
        var form = Encoding.ASCII.GetBytes(_buffer, 0, _length);
        ArrayPool<char>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        return form;
    }

    private void Begin(string name)
    {
        if (_length > 0)
            Append("&");
        Append(name);
        Append("=");
    }

    private void Escape(scoped ReadOnlySpan<char> value)
    {
        int count;
        while (!Uri.TryEscapeDataString(value, _buffer.AsSpan(_length), out count))
            Grow(value.Length);
        _length += count;
    }

    private void Append(scoped ReadOnlySpan<char> text)
    {
        if (_buffer.Length - _length < text.Length)
            Grow(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Grow(int by)
    {
        var larger = ArrayPool<char>.Shared.Rent((_buffer.Length + by) * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
    }
}

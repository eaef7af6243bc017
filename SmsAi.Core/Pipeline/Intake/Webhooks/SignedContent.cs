using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>The ways a form is turned into the signed text.</summary>
internal enum FormSpelling
{
    /// <summary>Each key once, then its values in the order they arrived.</summary>
    Arrival,

    /// <summary>Repeated keys: each distinct value in sorted order with its key before it.</summary>
    Unique,

    /// <summary>As Arrival, with replacement characters where the bytes are not UTF-8, as most platforms decode before they sign.</summary>
    ArrivalRepaired,

    UniqueRepaired,
}

/// <summary>
/// The bytes under a signature: room for a URL, and behind it the form's fields sorted by key. The fields are laid out once, and each
/// spelling of the URL is written right before them.
/// </summary>
internal ref struct SignedContent : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _urlRoom;
    private readonly bool _isRepaired;
    private int _end;

    internal SignedContent(RawForm form, FormSpelling spelling, int urlRoom)
    {
        _urlRoom = _end = urlRoom;
        _isRepaired = spelling is FormSpelling.ArrivalRepaired or FormSpelling.UniqueRepaired;
        var isUnique = spelling is FormSpelling.Unique or FormSpelling.UniqueRepaired;
        Span<byte> order = stackalloc byte[RawForm.MaxKeys];
        order = order[..form.Count];
        var size = Sort(form, order, byValue: isUnique);
        _buffer = ArrayPool<byte>.Shared.Rent(urlRoom + (_isRepaired ? size * 3 : size));

        for (var place = 0; place < order.Length; place++)
        {
            var key = form.Key(order[place]);
            var value = form.Value(order[place]);
            var isRepeat = place > 0 && form.Key(order[place - 1]).SequenceEqual(key);
            if (isUnique && isRepeat && form.Value(order[place - 1]).SequenceEqual(value)) continue;
            if (isUnique || !isRepeat) Append(key);
            Append(value);
        }
    }

    internal static bool Applies(FormSpelling spelling, RawForm form) => spelling switch
    {
        FormSpelling.Arrival => true,
        FormSpelling.Unique => HasRepeats(form),
        FormSpelling.ArrivalRepaired => form.HasBadUtf8,
        _ => form.HasBadUtf8 && HasRepeats(form),
    };

    /// <summary>The signed bytes for this spelling of the URL; valid until the next call.</summary>
    internal readonly ReadOnlySpan<byte> Under(string url)
    {
        var length = Encoding.UTF8.GetByteCount(url);
        var start = _urlRoom - length;
        Encoding.UTF8.GetBytes(url, _buffer.AsSpan(start));
        return _buffer.AsSpan(start, _end - start);
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isRepaired && !Utf8.IsValid(bytes))
        {
            _end += Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes), _buffer.AsSpan(_end));
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Insertion sort: stable, which keeps repeats in arrival order, and the fields are few and nearly sorted.</summary>
    private static int Sort(RawForm form, Span<byte> order, bool byValue)
    {
        var size = 0;
        for (var index = 0; index < order.Length; index++)
        {
            size += form.Key(index).Length + form.Value(index).Length;
            var place = index;
            for (; place > 0 && Compare(form, order[place - 1], index, byValue) > 0; place--) order[place] = order[place - 1];
            order[place] = (byte)index;
        }

        return size;
    }

    private static int Compare(RawForm form, int left, int right, bool byValue)
    {
        var keys = form.Key(left).SequenceCompareTo(form.Key(right));
        return keys != 0 || !byValue ? keys : form.Value(left).SequenceCompareTo(form.Value(right));
    }

    private static bool HasRepeats(RawForm form)
    {
        for (var index = 0; index < form.Count; index++)
            if (form.Find(form.Key(index), index + 1) >= 0) return true;
        return false;
    }
}

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>Takes the known fields out of a form, notes their faults, and hands over what nobody took.</summary>
internal ref struct FormReader(RawForm form)
{
    private UInt128 _taken;
    private List<FieldFault>? _faults;

    internal readonly IReadOnlyList<FieldFault> Faults => _faults ?? (IReadOnlyList<FieldFault>)[];

    /// <summary>A field that must be there.</summary>
    internal string Required(string name, ReadOnlySpan<byte> key)
    {
        if (Single(name, key) is { } text) return text;
        Add(name, FieldFaultKind.Missing, "Twilio always sends it; check what posts here.");
        return "";
    }

    /// <summary>A field that comes once or not at all.</summary>
    internal string? Single(string name, ReadOnlySpan<byte> key)
    {
        var index = form.Find(key);
        if (index < 0) return null;
        Take(index);
        if (form.Find(key, index + 1) >= 0) Add(name, FieldFaultKind.Repeated, "Twilio sends it once; check what changes requests on the way.");
        return form.ValueText(index);
    }

    internal string? NotEmpty(string name, ReadOnlySpan<byte> key) => Single(name, key) is { Length: > 0 } text ? text : null;

    /// <summary>A Twilio id: letters and digits, 34 of them as a rule, never more than 64.</summary>
    internal string Sid(string name, ReadOnlySpan<byte> key)
    {
        var sid = Required(name, key);
        if (sid.Length is 0 or > 64 || sid.AsSpan().ContainsAnyExcept(SidLetters))
            Add(name, FieldFaultKind.Malformed, "An id is two letters and 32 hex digits.");
        return sid;
    }

    /// <summary>Leaves out a field whose value says nothing new.</summary>
    internal void Drop(ReadOnlySpan<byte> key, ReadOnlySpan<char> onlyIf)
    {
        var index = form.Find(key);
        if (index >= 0 && System.Text.Ascii.Equals(form.Value(index), onlyIf)) Take(index);
    }

    internal void Add(string field, FieldFaultKind kind, string wayOut)
    {
        if (_faults?.Exists(fault => fault.Field == field) != true) (_faults ??= []).Add(new FieldFault(field, kind, wayOut));
    }

    /// <summary>Every field not taken that holds something, in arrival order.</summary>
    internal readonly WebhookFields Rest()
    {
        var count = 0;
        for (var index = 0; index < form.Count; index++)
            if (IsLeft(index)) count++;
        if (count == 0) return WebhookFields.None;

        var rest = new KeyValuePair<string, string>[count];
        for (var (index, place) = (0, 0); index < form.Count; index++)
            if (IsLeft(index)) rest[place++] = new(FieldNames.Of(form.Key(index)) ?? form.KeyText(index), form.ValueText(index));
        return new WebhookFields(rest);
    }

    private static readonly System.Buffers.SearchValues<char> SidLetters =
        System.Buffers.SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");

    private readonly bool IsLeft(int index) => (_taken & (UInt128.One << index)) == 0 && !form.Value(index).IsEmpty;

    private void Take(int index) => _taken |= UInt128.One << index;
}

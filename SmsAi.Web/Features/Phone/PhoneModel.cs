using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Phone;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Web.Features.Phone;

/// <summary>What the Phone page shows and does: the handsets, the chosen one's conversation, and how hard its texts have it.</summary>
public sealed class PhoneModel(
    PhoneBook book, PhoneReader reader, Handset handset, HandsetFaults faults, IOptions<TwilioOptions> twilio, TimeProvider time)
{
    private readonly List<(TestNumber Handset, OnTheWay Text)> _onTheWay = [];

    public IReadOnlyList<PhoneEntry> Entries { get; private set; } = [];

    public IReadOnlyList<PhonePerson> People { get; private set; } = [];

    public PhoneEntry? Chosen { get; private set; }

    public PhoneThread Thread { get; private set; } = PhoneThread.Empty;

    public SandboxFault Faults { get; private set; }

    public bool IsSandbox => twilio.Value.IsSandbox;

    public string OurNumber => reader.OurNumber is { } ours ? TestNumber.TryParse(ours, out var test) ? test.Written : ours : "no number";

    public bool MayReadBodies { get; set; }

    public Actor Actor { get; set; } = new("");

    public bool IsTwice { get; set; }

    public bool HasWrongToken { get; set; }

    public int DelaySeconds { get; set; }

    public IEnumerable<OnTheWay> OnTheWay => _onTheWay.Where(one => one.Handset == Chosen?.Number).Select(one => one.Text);

    /// <summary>Reads the handsets and opens one of them, by its place in the list from 1.</summary>
    public async Task OpenAsync(long? place, CancellationToken cancel)
    {
        Entries = await book.ReadAsync(cancel);
        var next = Entries[(int)Math.Clamp(place ?? 1, 1, Entries.Count) - 1];
        if (next.Number != Chosen?.Number)
            Thread = PhoneThread.Empty;
        Chosen = next;
        Faults = IsSandbox ? await faults.OfAsync(next.Number, cancel) : SandboxFault.None;
        await RefreshAsync(cancel);
    }

    public async Task RefreshAsync(CancellationToken cancel)
    {
        if (Chosen is not { } chosen)
            return;
        var people = await reader.PeopleAsync([.. Entries.Select(entry => entry.Number)], cancel);
        var thread = await reader.ThreadAsync(chosen.Number, MayReadBodies, cancel);
        if (chosen != Chosen)
            return;
        (People, Thread) = (people, thread);
        var arrived = thread.Texts.Select(text => text.Sid).ToHashSet();
        _onTheWay.RemoveAll(one => one.Text.Post is { } post && arrived.Contains(post.Sid));
    }

    /// <summary>Returns when the webhook was answered; the answer to the text comes by the conversation.</summary>
    public async Task TextAsync(string body, Action changed, CancellationToken cancel)
    {
        if (Chosen is not { } chosen || string.IsNullOrWhiteSpace(body))
            return;
        var text = new HandsetText(chosen.Number, body.Trim())
        {
            IsTwice = IsTwice,
            HasWrongToken = HasWrongToken,
            Delay = TimeSpan.FromSeconds(DelaySeconds),
        };
        var sent = new OnTheWay(text.Body, time.GetUtcNow(), text.Delay);
        _onTheWay.Add((chosen.Number, sent));
        changed();
        sent.Post = await handset.TextAsync(text, Actor, cancel);
        await RefreshAsync(cancel);
        changed();
    }

    public async Task SwitchAsync(SandboxFault fault, bool isOn, CancellationToken cancel)
    {
        if (Chosen is not { } chosen)
            return;
        await faults.SwitchAsync(chosen.Number, fault, isOn, Actor, cancel);
        Faults = await faults.OfAsync(chosen.Number, cancel);
    }

    /// <summary>The place of the new handset, or what is wrong with it.</summary>
    public async Task<(int Place, string? Fault)> AddAsync(string? number, string? name, CancellationToken cancel)
    {
        if (!TestNumber.TryParse(number, out var parsed, out var fault))
            return (0, fault);
        fault = await book.AddAsync(parsed, name, Actor, cancel);
        Entries = await book.ReadAsync(cancel);
        return (Entries.ToList().FindIndex(entry => entry.Number == parsed) + 1, fault);
    }
}

using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Conversations;

/// <summary>Keeps what is being written as a draft, counts what it costs, and sends it as the operator's own text.</summary>
public sealed partial class ReplyBox : IAsyncDisposable
{
    private static readonly TimeSpan SavesAfter = TimeSpan.FromMilliseconds(700);

    private ElementReference _field;
    private string _text = "";
    private string _kept = "";
    private string? _fault;
    private bool _isAnswered;
    private bool _isTouched;
    private bool _isWorking;
    private ITimer? _saving;
    private CancellationTokenSource? _shortening;
    private (long Message, string Text)? _shorter;
    private string? _shortenFault;

    [Parameter, EditorRequired] public ThreadModel Model { get; set; } = null!;

    [Parameter, EditorRequired] public ConversationHead Head { get; set; } = null!;

    /// <summary>The operator of this screen.</summary>
    [Parameter] public string Me { get; set; } = "";

    [Parameter] public EventCallback OnChanged { get; set; }

    [CascadingParameter] public RailModel? Rail { get; set; }

    [Inject] public required ConversationDesk Desk { get; init; }

    [Inject] public required Shortener Shortener { get; init; }

    [Inject] public required ActingOperator Operator { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private SegmentCount Count => Segments.Count(_text);

    /// <summary>The same with plain signs, when that costs less.</summary>
    private string? Plainer => Count.Segments > 0 && SmsText.Clean(_text) is var plain && Segments.Count(plain).Segments < Count.Segments ? plain : null;

    // A pause doesn't hold what people send themselves.
    private string? WhyNoSend => _isWorking ? "Sending" : Rail is { Condition: ServiceCondition.Stopped } rail ? rail.WhyNoSends : null;

    public async ValueTask DisposeAsync()
    {
        if (_saving is not null) await _saving.DisposeAsync();
        await StopShorteningAsync();
        await SaveAsync();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _kept = await Desk.DraftAsync(Head.Id, CancellationToken.None);
            // Whoever was faster than the database goes on with her own words.
            if (!_isTouched) _text = _kept;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "What you wrote before could not be read: the database doesn't answer.";
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await FocusAsync();
    }

    private async Task FocusAsync() => await _field.FocusAsync();

    private void Write(string? text)
    {
        (_text, _fault, _isTouched) = (text ?? "", null, true);
        if (_saving is null)
            _saving = Time.CreateTimer(_ => _ = InvokeAsync(SaveAsync), null, SavesAfter, Timeout.InfiniteTimeSpan);
        else
            _saving.Change(SavesAfter, Timeout.InfiniteTimeSpan);
    }

    private async Task SaveAsync()
    {
        var text = _text;
        if (text == _kept) return;
        try
        {
            await Desk.SaveDraftAsync(Head.Id, text, CancellationToken.None);
            _kept = text;
        }
        catch (Exception fault) when (fault.IsOutage() || fault is UnauthorizedAccessException)
        {
            // It stands in the field, and the next letter tries again.
        }
    }

    private async Task UseAsync(string text)
    {
        Write(text);
        await FocusAsync();
    }

    private string? ShorterOf(Suggestion suggestion) => _shorter is { } shorter && shorter.Message == suggestion.Message ? shorter.Text : null;

    private string Shown(Suggestion suggestion, string whole) => ShorterOf(suggestion) ?? whole;

    private static int SegmentsOf(string text) => Segments.Count(text).Segments;

    private async Task ShortenAsync(Suggestion suggestion)
    {
        if (_shortening is not null) return;
        _shortenFault = null;
        using var shortening = _shortening = new CancellationTokenSource();
        try
        {
            switch (await Shortener.ShortenAsync(Head.Id, suggestion.Message, await Operator.ActorAsync(Rights.CanOperate), shortening.Token))
            {
                case ShortenOutcome.Shorter shorter:
                    _shorter = (suggestion.Message, shorter.Text);
                    break;
                case ShortenOutcome.Refused refused:
                    _shortenFault = refused.Why;
                    break;
            }
        }
        catch (OperationCanceledException) when (shortening.IsCancellationRequested)
        {
            // The draft stays.
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _shortenFault = "Not shortened: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _shortenFault = "Not shortened: your role may not do this.";
        }
        finally
        {
            _shortening = null;
        }
    }

    private async Task StopShorteningAsync()
    {
        if (_shortening is { } shortening) await shortening.CancelAsync();
    }

    private async Task DismissAsync(long message)
    {
        await Desk.DismissAsync(Head.Id, message, CancellationToken.None);
        await OnChanged.InvokeAsync();
    }

    private async Task SendAsync(bool isSure)
    {
        if (WhyNoSend is not null) return;
        _fault = HandTexts.Fault(_text.Trim());
        if (_fault is not null) return;
        _isWorking = true;
        switch (await Desk.SendAsync(Head.Id, _text, Model.SeenUpTo, isSure, CancellationToken.None))
        {
            case HandOutcome.Queued:
                // The draft went with it.
                (_text, _kept, _isAnswered) = ("", "", false);
                break;
            case HandOutcome.AnsweredMeanwhile:
                _isAnswered = true;
                break;
            case HandOutcome.HeldBy held:
                _fault = $"Not sent: {held.Name} has this conversation now.";
                break;
            case HandOutcome.Refused refused:
                _fault = refused.Why;
                break;
        }

        _isWorking = false;
        await OnChanged.InvokeAsync();
    }
}

/** What is heard from an event stream. */
export interface StreamListener {
  /** The data field of a named event. */
  onEvent: (data: string) => void;
  /** The stream is up. */
  onOpen: () => void;
  /** The connection was lost; the browser itself tries again. */
  onInterrupted: () => void;
  /**
   * No more will come: the server said it is closing, or answered with anything
   * but a stream, after which a browser gives up for good.
   */
  onClosed: () => void;
}

/** Opens an event stream; the returned function closes it. */
export type OpenStream = (url: string, listener: StreamListener) => () => void;

/** The browser's EventSource, told which event names to listen to. */
export function eventSourceOpener(types: readonly string[]): OpenStream {
  return (url, listener) => {
    const source = new EventSource(url, { withCredentials: true });
    const hear = (event: MessageEvent<string>) => {
      listener.onEvent(event.data);
    };
    for (const type of types) source.addEventListener(type, hear);
    source.addEventListener("closing", () => {
      source.close();
      listener.onClosed();
    });
    source.addEventListener("open", () => {
      listener.onOpen();
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) listener.onClosed();
      else listener.onInterrupted();
    });
    return () => {
      source.close();
    };
  };
}
